using ChatKit.Wire;

namespace ChatKit.Delivery;

/// <summary>Events that are no log entries.</summary>
internal static class WireEvents
{
    public static OutgoingEvent Accepted(string? id, SentMessage sent) => new AcceptedEvent(id, sent);

    public static OutgoingEvent Refused(string? id, string? conversation, ChatError error) => new(new EventFrame
    {
        T = EventTags.Refused,
        Id = id,
        Conversation = conversation,
        Code = error.Code.ToWire(),
        Message = error.Message,
        RetryAfter = error.RetryAfter is { } after ? (long)after.TotalMilliseconds : null,
    });

    public static OutgoingEvent Goodbye(ChatError reason) => new(new EventFrame
    {
        T = EventTags.Goodbye,
        Code = reason.Code.ToWire(),
        Message = reason.Message,
        RetryAfter = (long?)reason.RetryAfter?.TotalMilliseconds,
    });

    public static OutgoingEvent Receipts(ConversationId conversation, IReadOnlyList<Receipt> receipts) => new(new EventFrame
    {
        T = EventTags.Receipts,
        Conversation = conversation.Value,
        Receipts = [.. receipts.Select(WireMapper.ToWire)],
    });

    public static OutgoingEvent Unread(ConversationId conversation, long read, long unread) => new(new EventFrame
    {
        T = EventTags.Unread,
        Conversation = conversation.Value,
        Seq = read,
        Unread = unread,
    });

    public static OutgoingEvent Typing(ConversationId conversation, UserId user, DateTimeOffset? until) => new(new EventFrame
    {
        T = EventTags.Typing,
        Conversation = conversation.Value,
        User = user.Value,
        Until = until,
    });

    public static OutgoingEvent Presence(Presence presence) => new(new EventFrame
    {
        T = EventTags.Presence,
        Presence = [WireMapper.ToWire(presence)],
    });
}
