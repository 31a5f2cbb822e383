namespace ChatKit;

/// <summary>What a rebuild of the group directory found.</summary>
/// <param name="Repaired">How many conversations lacked changes and have them now.</param>
/// <param name="Unresolved">Conversations whose members still differ from their log: the directory has changes that the log does not have
/// (the log was restored from an older backup: begin the directory anew), or retention removed what it lacks. Each once, in no order.</param>
public sealed record GroupDirectoryRebuildResult(int Repaired, IReadOnlyList<ConversationId> Unresolved);
