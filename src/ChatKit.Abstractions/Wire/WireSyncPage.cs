namespace ChatKit.Wire;

/// <summary>The answer of the plain long poll.</summary>
/// <param name="Events">The events, in order: entries and skips, and what else is live.</param>
/// <param name="Next">Pass it as the next <c>after</c>: doing so says that these events are persisted.</param>
/// <param name="Reset">Whether the device starts at the last entries: load conversations and pages anew.</param>
public sealed record WireSyncPage(IReadOnlyList<EventFrame> Events, string Next, bool Reset);
