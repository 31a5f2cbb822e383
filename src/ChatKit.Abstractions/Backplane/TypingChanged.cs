namespace ChatKit;

/// <summary>A user began or stopped typing.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="User">Who types.</param>
/// <param name="Until">When it ends by itself; null when it ended.</param>
public sealed record TypingChanged(ConversationId Conversation, UserId User, DateTimeOffset? Until) : BackplaneMessage;
