namespace ChatKit.Client;

/// <summary>The device starts at the last entries: it is new, was away too long, or the server was restored from a backup. Cursors and cache
/// were dropped: load conversations and pages anew. Also raised at the very first connection of a device.</summary>
public sealed record ResyncRequired : ChatEvent;
