namespace ChatKit.Client;

/// <summary>Somebody types, or has stopped. The end is raised by the client itself when the server says nothing more.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="User">Who.</param>
/// <param name="IsTyping">Whether he types.</param>
public sealed record TypingUpdated(ConversationId Conversation, UserId User, bool IsTyping) : ChatEvent;
