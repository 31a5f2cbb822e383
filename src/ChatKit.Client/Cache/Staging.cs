using ChatKit.Client.Store;
using ChatKit.Wire;

namespace ChatKit.Client.Cache;

/// <summary>What a batch of entries will make of the cached messages, found out before the cache changes: the store has to have it first.
/// Called under the gate.</summary>
internal sealed class Staging(ClientState state)
{
    private readonly Dictionary<string, ConversationCache> copies = new(StringComparer.Ordinal);

    public void Add(WireEntry entry)
    {
        switch (entry.Kind)
        {
            case "message":
                Copy(entry.Conversation).Put(WireMap.Message(entry));
                break;
            case "edit" when entry.Target is { } target:
                Copy(entry.Conversation).Edit(WireMap.Edit(entry, target));
                break;
            case "deletion" when entry.Target is { } target:
                Copy(entry.Conversation).Delete(target, entry.Seq);
                break;
        }
    }

    public void Put(ChatMessage message) => Copy(message.Conversation!.Value.Value).Put(message);

    /// <summary>Hands the changes on to be saved.</summary>
    public void Save(Unsaved unsaved)
    {
        foreach (var (conversation, copy) in copies)
        {
            foreach (var (seq, message) in copy.Changes!)
            {
                if (message is null)
                {
                    unsaved.Delete(unsaved.Message(conversation, seq));
                }
                else
                {
                    unsaved.Put(WireMap.Entry(message));
                }
            }
        }
    }

    private ConversationCache Copy(string conversation)
    {
        if (!copies.TryGetValue(conversation, out var copy))
        {
            copies.Add(conversation, copy = state.Cache(conversation).Copy());
        }

        return copy;
    }
}
