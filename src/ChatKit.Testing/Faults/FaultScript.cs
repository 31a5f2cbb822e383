namespace ChatKit.Testing;

/// <summary>The weather of one run: a pure function of its seed, the same on every machine and version of .NET. Immutable.</summary>
public sealed class FaultScript
{
    /// <summary>A script of one's own.</summary>
    /// <param name="faults">The faults in any order.</param>
    public FaultScript(IEnumerable<Fault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        Faults = [.. faults.OrderBy(static fault => fault.At)];
    }

    /// <summary>The faults in the order of their times.</summary>
    public IReadOnlyList<Fault> Faults { get; }

    /// <summary>Draws a script.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="options">How rough; null for the defaults.</param>
    /// <returns>The script; the same for the same arguments.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static FaultScript FromSeed(long seed, FaultScriptOptions? options = null)
    {
        options ??= new FaultScriptOptions();
        if (options.Duration <= TimeSpan.Zero || options.Longest <= TimeSpan.Zero || options.Faults is < 0 or > 100_000 || options.Kinds.Count == 0)
        {
            throw new ArgumentException("FaultScriptOptions: Duration and Longest must be more than zero, Faults 0 to 100,000, Kinds not empty.", nameof(options));
        }

        var draw = new SeededDraw(seed);
        var faults = new List<Fault>(options.Faults);
        for (var i = 0; i < options.Faults; i++)
        {
            var at = TimeSpan.FromMilliseconds(draw.Next(0, (int)options.Duration.TotalMilliseconds));
            var kind = options.Kinds[draw.Next(0, options.Kinds.Count)];
            var victim = draw.Next(0, 1000);
            var longest = Math.Max(1, (int)options.Longest.TotalMilliseconds);
            var duration = TimeSpan.FromMilliseconds(draw.Next(Math.Max(1, longest / 10), longest + 1));
            var rate = draw.Next(2_000, 40_000);
            faults.Add(new Fault(
                at, kind, victim, kind is FaultKind.Cut or FaultKind.CutAll ? TimeSpan.Zero : duration, kind == FaultKind.Throttle ? rate : 0));
        }

        return new FaultScript(faults);
    }

    /// <summary>One line a fault.</summary>
    /// <returns>The lines.</returns>
    public override string ToString() => string.Join(Environment.NewLine, Faults);
}
