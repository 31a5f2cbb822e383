using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>What a store gives back at start; positions in the order in which they last moved, the latest last; commands in the order of the calls.</summary>
internal sealed record ClientSnapshot(
    string? User,
    string? Incarnation,
    IReadOnlyList<WireCursor> Positions,
    IReadOnlyList<WireCursor> ReadMarks,
    IReadOnlyList<WireEntry> Messages,
    IReadOnlyList<(string User, string Conversation)> Directs,
    IReadOnlyList<StoredCommand> Commands);
