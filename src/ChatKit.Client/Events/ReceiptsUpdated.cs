namespace ChatKit.Client;

/// <summary>Members have got or read more.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="Receipts">The marks that moved.</param>
public sealed record ReceiptsUpdated(ConversationId Conversation, IReadOnlyList<Receipt> Receipts) : ChatEvent;
