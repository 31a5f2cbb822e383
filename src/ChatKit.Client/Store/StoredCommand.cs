using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>A command in the outbox. <see cref="Frame"/> is never changed: a retry carries the same id and content (rule 5).</summary>
internal sealed record StoredCommand(CommandFrame Frame, DateTimeOffset CreatedAt);
