namespace ChatKit;

/// <summary>Somebody was not reached by a message.</summary>
/// <param name="User">Whom to notify.</param>
/// <param name="Conversation">The conversation.</param>
/// <param name="Seq">The message.</param>
/// <param name="Sender">Who wrote it.</param>
/// <param name="ContentType">The content type of the message.</param>
/// <param name="Text">The text of a <c>text/*</c> message, at most 200 characters; null otherwise (encrypted, media).</param>
public sealed record Notification(UserId User, ConversationId Conversation, long Seq, UserId Sender, string ContentType, string? Text);
