namespace ChatKit;

/// <summary>A change of a group's members.</summary>
public sealed record ChangeMembers
{
    /// <summary>Who changes.</summary>
    public required UserId By { get; init; }

    /// <summary>The group.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary><see cref="MembershipAction.Added"/>, <see cref="MembershipAction.Removed"/> or <see cref="MembershipAction.Left"/>.</summary>
    public required MembershipAction Action { get; init; }

    /// <summary>The users it happens to; empty for <see cref="MembershipAction.Left"/>.</summary>
    public IReadOnlyList<UserId> Users { get; init; } = [];

    /// <summary>The id of the command, the same on every retry; a fresh one when not set.</summary>
    public CommandId Command { get; init; } = CommandId.New();

    /// <summary>The device that changes; null for the host's own code.</summary>
    public string? Device { get; init; }
}
