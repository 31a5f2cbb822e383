using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>What a store gives back at start; positions in the order in which they last moved, the latest last.</summary>
internal sealed record ClientSnapshot(string? Incarnation, IReadOnlyList<WireCursor> Positions, IReadOnlyList<StoredCommand> Outbox);
