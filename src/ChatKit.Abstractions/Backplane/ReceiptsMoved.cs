namespace ChatKit;

/// <summary>Marks of users in a conversation have moved and are flushed.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="MembershipVersion">The membership version known to the node that flushed.</param>
/// <param name="Receipts">The marks.</param>
public sealed record ReceiptsMoved(
    ConversationId Conversation, long MembershipVersion, IReadOnlyList<Receipt> Receipts) : BackplaneMessage
{
    /// <summary>No mark that moved was below this before; 0 when that is not known. An author all of whose entries lie at or below it learns nothing new.</summary>
    public long From { get; init; }
}
