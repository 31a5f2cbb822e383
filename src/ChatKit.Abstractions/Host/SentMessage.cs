namespace ChatKit;

/// <summary>A command that is committed to the log.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Seq">Its position.</param>
/// <param name="AcceptedAt">When it was accepted.</param>
/// <param name="Command">The command's id.</param>
/// <param name="Duplicate">Whether it was stored by an earlier try.</param>
public sealed record SentMessage(ConversationId Conversation, long Seq, DateTimeOffset AcceptedAt, CommandId Command, bool Duplicate);
