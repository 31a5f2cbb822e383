namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Unread is counted over the whole log, whatever the user may see of it.</summary>
internal sealed class UnboundedUnread(IConversationListReader inner, IMessageStore store) : IConversationListReader
{
    public bool CanRead(IReceiptStore receipts, IGroupDirectory groups) => inner.CanRead(receipts, groups);

    public async ValueTask<IReadOnlyList<ConversationListRow>> ReadAsync(
        UserId user, ConversationListPosition? after, int limit, CancellationToken cancellationToken)
    {
        var rows = await inner.ReadAsync(user, after, limit, cancellationToken);
        var counts = await store.CountAsync([.. rows.Select(row => new LogSpan(row.Head.Conversation, row.Own.Read, long.MaxValue))], cancellationToken);
        return [.. rows.Select((row, n) => row with { Unread = counts[n] })];
    }
}
