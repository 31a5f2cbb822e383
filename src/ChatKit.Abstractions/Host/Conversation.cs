namespace ChatKit;

/// <summary>A conversation as one user sees it.</summary>
public sealed record Conversation
{
    /// <summary>The id.</summary>
    public required ConversationId Id { get; init; }

    /// <summary>Direct or group.</summary>
    public required ConversationKind Kind { get; init; }

    /// <summary>The title of a group; null for direct conversations (show the other's name).</summary>
    public string? Title { get; init; }

    /// <summary>The present members, at most 200 of them in lists; of a direct conversation both.</summary>
    public required IReadOnlyList<Member> Members { get; init; }

    /// <summary>How many members there are.</summary>
    public required int MemberCount { get; init; }

    /// <summary>Whether the user is a member now.</summary>
    public required bool IsMember { get; init; }

    /// <summary>The last <c>Seq</c> the user may see.</summary>
    public required long LastSeq { get; init; }

    /// <summary>The last message the user may see, in its present state; null for none.</summary>
    public LogEntry? LastMessage { get; init; }

    /// <summary>When the conversation was last active.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>The user's own marks.</summary>
    public required Receipt Own { get; init; }

    /// <summary>How many unread entries there are (ARCHITECTURE, rule 3).</summary>
    public required long Unread { get; init; }
}
