namespace ChatKit;

/// <summary>A place in a user's list of conversations.</summary>
/// <param name="LastActivityAt">When the last conversation shown was active.</param>
/// <param name="Conversation">Its id.</param>
public readonly record struct ConversationListPosition(DateTimeOffset LastActivityAt, string Conversation);
