namespace ChatKit;

/// <summary>Marks of users in a conversation have moved and are flushed.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="MembershipVersion">The membership version known to the node that flushed.</param>
/// <param name="Receipts">The marks.</param>
public sealed record ReceiptsMoved(
    ConversationId Conversation, long MembershipVersion, IReadOnlyList<Receipt> Receipts) : BackplaneMessage;
