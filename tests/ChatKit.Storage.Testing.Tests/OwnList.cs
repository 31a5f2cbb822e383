using ChatKit.InMemory;
using ChatKit.Messaging;

namespace ChatKit.Storage.Testing.Tests;

/// <summary>The engine's own way to the list over the in-memory plugs, as the role of a store would have it.</summary>
internal sealed class OwnList(IMessageStore store, IReceiptStore marks, IGroupDirectory directory) : IConversationListReader
{
    private readonly PlainConversationList _plain = new(store, marks, directory);

    public static StorageHarness Create(TimeProvider time, Func<IConversationListReader, IMessageStore, IConversationListReader>? fault = null)
    {
        var (store, receipts, groups) = (new InMemoryMessageStore(time), new InMemoryReceiptStore(), new InMemoryGroupDirectory());
        var list = new OwnList(store, receipts, groups);
        return new StorageHarness(store, receipts, groups, fault?.Invoke(list, store) ?? list);
    }

    public bool CanRead(IReceiptStore receipts, IGroupDirectory groups) => receipts == marks && groups == directory;

    public ValueTask<IReadOnlyList<ConversationListRow>> ReadAsync(
        UserId user, ConversationListPosition? after, int limit, CancellationToken cancellationToken) =>
        _plain.ReadAsync(user, after, limit, cancellationToken);
}
