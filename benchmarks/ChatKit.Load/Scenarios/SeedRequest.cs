namespace ChatKit.Load.Scenarios;

/// <summary>What a server is to have before a run. Asking twice is safe.</summary>
internal sealed record SeedRequest
{
    /// <summary>Direct conversations, each of two users.</summary>
    public IReadOnlyList<string[]> Directs { get; init; } = [];

    /// <summary>Groups by their members.</summary>
    public IReadOnlyList<string[]> Groups { get; init; } = [];

    /// <summary>Messages to store from the first user of each direct conversation to the second; done each time.</summary>
    public int Backlog { get; init; }

    public int TextBytes { get; init; } = 200;
}
