using ChatKit.Load.Measuring;

namespace ChatKit.Load.Running;

/// <summary>The result file.</summary>
internal sealed record Report
{
    public string Machine { get; init; } = "";

    public string Command { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public IReadOnlyList<RunResult> Runs { get; init; } = [];
}
