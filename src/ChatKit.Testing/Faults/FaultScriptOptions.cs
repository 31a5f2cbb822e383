namespace ChatKit.Testing;

/// <summary>How rough the weather of a <see cref="FaultScript"/> is.</summary>
public sealed record FaultScriptOptions
{
    /// <summary>From when to when faults happen: within this time from the start.</summary>
    /// <value>More than zero; default 1.5 s.</value>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How many faults.</summary>
    /// <value>0 to 100,000; default 10.</value>
    public int Faults { get; init; } = 10;

    /// <summary>The longest a fault lasts; each lasts between a tenth of it and all of it.</summary>
    /// <value>More than zero; default 400 ms.</value>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>Which faults are drawn; one that is listed twice comes twice as often.</summary>
    /// <value>Not empty; default every kind once.</value>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = Enum.GetValues<FaultKind>();
}
