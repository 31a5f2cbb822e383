using ChatKit.Client.Store;

namespace ChatKit.Client.Outbox;

/// <summary>The messages that were refused for good or given up: shown until the app withdraws them. Called under the gate.</summary>
internal sealed class Refusals(Unsaved unsaved)
{
    /// <summary>Of more the oldest are forgotten: nobody looks at them.</summary>
    private const int Most = 1000;

    private readonly Dictionary<string, OutboxItem> items = new(StringComparer.Ordinal);

    public IEnumerable<OutboxItem> All => items.Values;

    public void Add(OutboxItem item, ChatClientException error)
    {
        item.Command = item.Command with { Code = error.Code.ToWire(), Reason = error.Message };
        Restore(item);
        unsaved.Put(item.Command, item.Ordinal);
        if (items.Count > Most)
        {
            Remove(items.Values.MinBy(static i => i.Ordinal)!.Id);
        }
    }

    /// <summary>Brings back what an earlier process left.</summary>
    public void Restore(OutboxItem item)
    {
        item.Echo = item.Echo! with
        {
            Status = MessageStatus.Refused,
            Refusal = ChatErrorCodes.TryParse(item.Command.Code, out var code) ? code : ChatErrorCode.Invalid,
        };
        items[item.Id] = item;
    }

    public OutboxItem? Remove(string id)
    {
        if (items.Remove(id, out var item))
        {
            unsaved.Delete(Unsaved.Command(id));
        }

        return item;
    }
}
