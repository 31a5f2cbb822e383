namespace ChatKit;

/// <summary>How far a user has got in a conversation (ARCHITECTURE, rule 8): read &lt;= delivered &lt;= last.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="User">The user.</param>
/// <param name="Delivered">The highest <c>Seq</c> that any of the user's devices has persisted.</param>
/// <param name="Read">The highest <c>Seq</c> the user was shown.</param>
public readonly record struct Receipt(ConversationId Conversation, UserId User, long Delivered, long Read);
