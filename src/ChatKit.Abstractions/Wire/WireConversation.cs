namespace ChatKit.Wire;

/// <summary>A conversation as the signed-in user sees it.</summary>
public sealed record WireConversation
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary><c>direct</c> or <c>group</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The title of a group.</summary>
    public string? Title { get; init; }

    /// <summary>The members, at most 200 in lists.</summary>
    public required IReadOnlyList<WireMember> Members { get; init; }

    /// <summary>How many members there are.</summary>
    public required int MemberCount { get; init; }

    /// <summary>Whether the user is a member now.</summary>
    public required bool IsMember { get; init; }

    /// <summary>The last <c>Seq</c> the user may see.</summary>
    public required long LastSeq { get; init; }

    /// <summary>The last message the user may see.</summary>
    public WireEntry? LastMessage { get; init; }

    /// <summary>When it was last active.</summary>
    public required DateTimeOffset LastActivity { get; init; }

    /// <summary>The user's own delivered mark.</summary>
    public required long Delivered { get; init; }

    /// <summary>The user's own read mark.</summary>
    public required long Read { get; init; }

    /// <summary>How many entries are unread.</summary>
    public required long Unread { get; init; }
}
