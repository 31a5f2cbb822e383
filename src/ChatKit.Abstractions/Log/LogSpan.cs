namespace ChatKit;

/// <summary>A half-open range of a log: (<paramref name="After"/>, <paramref name="To"/>].</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="After">Excluded lower end.</param>
/// <param name="To">Included upper end; beyond the last entry means the last.</param>
public readonly record struct LogSpan(ConversationId Conversation, long After, long To);
