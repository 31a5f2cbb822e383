namespace ChatKit;

/// <summary>The end of a conversation's log and what is known of it without reading it.</summary>
public sealed record LogHead
{
    /// <summary>The conversation.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary>The highest <c>Seq</c>.</summary>
    public required long LastSeq { get; init; }

    /// <summary>Entries up to here were removed by retention; 0 when none were.</summary>
    public required long TrimmedTo { get; init; }

    /// <summary>The <c>Seq</c> of the last membership entry.</summary>
    public required long MembershipVersion { get; init; }

    /// <summary>The epoch of an encrypted group; 0 before its first commit.</summary>
    public required long Epoch { get; init; }

    /// <summary>The <c>Seq</c> of the last message (deleted or not); 0 when there is none.</summary>
    public required long LastMessageSeq { get; init; }

    /// <summary>When the last message, or without one the first entry, was accepted.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }
}
