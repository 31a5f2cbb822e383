namespace ChatKit.Client;

/// <summary>A conversation was created, or members were added, removed, left or got another role.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Seq">The position of the change.</param>
/// <param name="At">When.</param>
/// <param name="By">Who did it.</param>
/// <param name="Action">What happened.</param>
/// <param name="Users">To whom.</param>
/// <param name="Kind">Of a creation: direct or group; else null.</param>
/// <param name="Title">Of the creation of a group: its title; else null.</param>
public sealed record MembershipUpdated(
    ConversationId Conversation,
    long Seq,
    DateTimeOffset At,
    UserId By,
    MembershipAction Action,
    IReadOnlyList<UserId> Users,
    ConversationKind? Kind,
    string? Title) : ChatEvent;
