namespace ChatKit;

/// <summary>A conversation in a user's list.</summary>
public sealed record ConversationListRow
{
    /// <summary>The user's intervals.</summary>
    public required UserMembership Membership { get; init; }

    /// <summary>The log's head.</summary>
    public required LogHead Head { get; init; }

    /// <summary>The last <c>Seq</c> for this user: of the log, or of his leaving.</summary>
    public required long LastSeq { get; init; }

    /// <summary>When the conversation was last active for this user: as the head says, or when he left; 1970 when that entry was trimmed.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>The user's stored marks; zeros where there are none.</summary>
    public required Receipt Own { get; init; }

    /// <summary>How many entries that count, neither erased nor trimmed, lie after <see cref="Receipt.Read"/> where the user may see them (ARCHITECTURE, rules 2 and 3).</summary>
    public required long Unread { get; init; }

    /// <summary>The last message the user may see, in its present state; null for none.</summary>
    public LogEntry? LastMessage { get; init; }
}
