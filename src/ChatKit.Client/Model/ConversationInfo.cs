namespace ChatKit.Client;

/// <summary>A conversation as the signed-in user sees it.</summary>
public sealed record ConversationInfo
{
    /// <summary>The id.</summary>
    public required ConversationId Id { get; init; }

    /// <summary>Direct or group.</summary>
    public required ConversationKind Kind { get; init; }

    /// <summary>The title of a group; null for direct conversations (show the other's name).</summary>
    public string? Title { get; init; }

    /// <summary>The present members, at most 200 of them in lists; of a direct conversation both.</summary>
    public required IReadOnlyList<MemberInfo> Members { get; init; }

    /// <summary>How many members there are.</summary>
    public required int MemberCount { get; init; }

    /// <summary>Whether the user is a member now.</summary>
    public required bool IsMember { get; init; }

    /// <summary>The last <c>Seq</c> the user may see.</summary>
    public required long LastSeq { get; init; }

    /// <summary>The last message the user may see, in its present state; null for none.</summary>
    public ChatMessage? LastMessage { get; init; }

    /// <summary>When it was last active.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>The user's own delivered mark.</summary>
    public required long Delivered { get; init; }

    /// <summary>The user's own read mark.</summary>
    public required long Read { get; init; }

    /// <summary>How many entries are unread.</summary>
    public required long Unread { get; init; }
}
