namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>A page goes on after a time, so it leaves out what was active at the same moment.</summary>
internal sealed class PagesByTime(IConversationListReader inner) : IConversationListReader
{
    public bool CanRead(IReceiptStore receipts, IGroupDirectory groups) => inner.CanRead(receipts, groups);

    public ValueTask<IReadOnlyList<ConversationListRow>> ReadAsync(
        UserId user, ConversationListPosition? after, int limit, CancellationToken cancellationToken) =>
        inner.ReadAsync(user, after is { } position ? position with { Conversation = "\U0010ffff" } : null, limit, cancellationToken);
}
