namespace ChatKit.Client;

/// <summary>A message was deleted for everyone.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Seq">The deleted message.</param>
/// <param name="By">Who deleted it.</param>
/// <param name="At">When.</param>
public sealed record MessageDeleted(ConversationId Conversation, long Seq, UserId By, DateTimeOffset At) : ChatEvent;
