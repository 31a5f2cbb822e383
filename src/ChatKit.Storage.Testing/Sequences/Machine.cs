using System.Globalization;

namespace ChatKit.Storage.Testing.Sequences;

/// <summary>Drives a store and a model of it by the same moves. Each run has ids of its own, so that many runs share one storage.</summary>
internal abstract class Machine
{
    private readonly List<string> _told = [];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What makes the ids of this run its own.</summary>
    protected string Run { get; } = Guid.NewGuid().ToString("N")[..12];

    protected abstract IReadOnlyList<Move> Moves { get; }

    public async Task RunAsync(IReadOnlyList<Step> steps)
    {
        await StartAsync();
        var moves = Moves;
        var total = moves.Sum(move => move.Weight);
        foreach (var step in steps)
        {
            var weight = step.Move % total;
            var index = 0;
            while (weight >= moves[index].Weight)
            {
                weight -= moves[index++].Weight;
            }

            await moves[index].DoAsync(new Dice(step.Dice));
        }

        Tell("look at everything");
        await CheckAllAsync();
    }

    /// <summary>The moves made so far, a line each.</summary>
    public string Describe() => string.Join('\n', _told.Select((line, n) => string.Create(CultureInfo.InvariantCulture, $"{n + 1,4}. {line}")));

    /// <summary>Makes the store ready for this run.</summary>
    protected virtual Task StartAsync() => Task.CompletedTask;

    /// <summary>Compares all there is at the end.</summary>
    protected abstract Task CheckAllAsync();

    /// <summary>Says what is about to happen.</summary>
    protected void Tell(FormattableString line) => _told.Add(FormattableString.Invariant(line));

    protected void Tell(string line) => _told.Add(line);

    /// <summary>Adds to the last line what came of it.</summary>
    protected void Add(string text, string before = " -> ") => _told[^1] += before + text;

    /// <summary>Fails unless the store answers what the model does.</summary>
    protected static void Same<T>(T expected, T actual, string what) =>
        Assert.True(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: the model says\n  {expected}\nand the store\n  {actual}");

    /// <summary>Fails unless the store gives the model's lines, in order.</summary>
    protected static void SameLines(IEnumerable<string> expected, IEnumerable<string> actual, string what) =>
        Same(string.Join("\n  ", expected), string.Join("\n  ", actual), what);
}
