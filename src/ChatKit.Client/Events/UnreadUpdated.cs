namespace ChatKit.Client;

/// <summary>The number of unread messages changed, by reading on any own device or by what came.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Read">The own read mark.</param>
/// <param name="Unread">How many are unread.</param>
public sealed record UnreadUpdated(ConversationId Conversation, long Read, long Unread) : ChatEvent;
