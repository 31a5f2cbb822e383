using ChatKit.Testing;

namespace ChatKit.FaultRun;

/// <summary>Everything a seed decides: who there is, what they do, the weather, when the host is killed. A pure function of the seed.</summary>
internal sealed class Plan
{
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(1400);

    private static readonly StepKind[] Kinds =
    [
        StepKind.Burst, StepKind.Burst, StepKind.Burst, StepKind.Burst, StepKind.Burst, StepKind.Burst, StepKind.Withdraw,
        StepKind.Edit, StepKind.Edit, StepKind.Delete, StepKind.Read, StepKind.Read, StepKind.Read,
        StepKind.Add, StepKind.Add, StepKind.Remove, StepKind.Remove, StepKind.Leave, StepKind.Create,
        StepKind.Look, StepKind.Stop, StepKind.Start, StepKind.Start, StepKind.NewDevice, StepKind.Type,
    ];

    /// <summary>Half-open towards the client comes more often: then the host stores what the client must send again.</summary>
    private static readonly FaultKind[] Faults = [.. Enum.GetValues<FaultKind>(), FaultKind.HalfOpenDown, FaultKind.HalfOpenDown, FaultKind.Delay, FaultKind.Cut];

    public Plan(long seed, RunOptions options)
    {
        var draw = new SeededDraw(seed);
        Devices = [.. Enumerable.Range(0, draw.Next(2, 5)).Select(_ => draw.Next(1, 4))];
        Groups = draw.Next(1, 3);
        GroupShowsAll = draw.Percent(50);
        var steps = draw.Next(30, 70);
        Steps = [.. Enumerable.Range(0, steps).Select(_ => new Step(At(draw), draw.Pick(Kinds), draw.Next(0, 1000), draw.Next(0, 1000), draw.Next(0, 1000)))
            .OrderBy(static step => step.At)];
        var kills = draw.Next(1, 3);
        Kills = options is { IsDurable: true, Kills: true } ? [.. Enumerable.Range(0, kills).Select(_ => At(draw)).Order()] : [];
        Weather = options.Weather
            ? FaultScript.FromSeed(seed, new FaultScriptOptions { Duration = Length, Faults = draw.Next(6, 24), Kinds = Faults })
            : new FaultScript([]);

        // Drawn last: the same seed is the same play on every store.
        Database = options is { Store: "postgres", Kills: true }
            ? [.. Enumerable.Range(0, draw.Next(1, 4)).Select(_ => new DatabaseStep(At(draw), draw.Pick(Enum.GetValues<DatabaseFault>()), TimeSpan.FromMilliseconds(draw.Next(200, 2500)))).OrderBy(static step => step.At)]
            : [];
    }

    /// <summary>How many devices each user has at first.</summary>
    public IReadOnlyList<int> Devices { get; }

    public int Groups { get; }

    /// <summary>Whether the second group shows its history to those who join.</summary>
    public bool GroupShowsAll { get; }

    public IReadOnlyList<Step> Steps { get; }

    public IReadOnlyList<TimeSpan> Kills { get; }

    public FaultScript Weather { get; }

    /// <summary>What happens to the database server.</summary>
    public IReadOnlyList<DatabaseStep> Database { get; }

    public override string ToString() => string.Join(Environment.NewLine,
        [$"devices {string.Join(' ', Devices)}, groups {Groups}", .. Steps.Select(static s => s.ToString()), .. Kills.Select(static k => $"{k.TotalSeconds:0.000}s kill"), .. Database.Select(static d => d.ToString()), Weather.ToString()]);

    private static TimeSpan At(SeededDraw draw) => TimeSpan.FromMilliseconds(draw.Next(0, (int)Length.TotalMilliseconds));
}
