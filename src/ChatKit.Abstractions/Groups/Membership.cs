namespace ChatKit;

/// <summary>The members of a conversation at a version. Immutable.</summary>
public sealed record Membership
{
    /// <summary>The conversation.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary>The <c>Seq</c> of the last membership entry applied.</summary>
    public required long Version { get; init; }

    /// <summary>Direct or group.</summary>
    public required ConversationKind Kind { get; init; }

    /// <summary>The title of a group; null for direct conversations.</summary>
    public string? Title { get; init; }

    /// <summary>What members see of the time before they joined.</summary>
    public GroupHistory History { get; init; }

    /// <summary>The present members, in the order of their user ids (<see cref="IdOrder"/>).</summary>
    public required IReadOnlyList<Member> Members { get; init; }
}
