using ChatKit.Wire;

namespace ChatKit.Testing;

/// <summary>What a record says after its last <see cref="RecordKind.Final"/>.</summary>
internal sealed class FinalState
{
    public FinalState(IReadOnlyList<RecordLine> lines)
    {
        var start = -1;
        for (var i = lines.Count - 1; i >= 0 && start < 0; i--)
        {
            start = lines[i].Kind == RecordKind.Final ? i : -1;
        }

        Exists = start >= 0;
        foreach (var line in Exists ? lines.Skip(start + 1) : [])
        {
            if (line.Kind == RecordKind.Cache && line.Conversation is { } cached)
            {
                Caches[cached] = line;
            }

            foreach (var info in line.Event?.Conversations?.Conversations ?? [])
            {
                Infos[info.Id] = info;
            }

            if (line.Event is { Details: { } details })
            {
                Infos[details.Id] = details;
            }

            if (line.Event is { T: EventTags.Result, Conversation: { } of, Receipts: { } receipts })
            {
                Receipts[of] = receipts;
            }

            if (line.Event is { T: EventTags.Result, Conversation: { } conversation, Messages: { } page })
            {
                if (!Messages.TryGetValue(conversation, out var messages))
                {
                    Messages.Add(conversation, messages = []);
                }

                foreach (var message in page.Messages)
                {
                    messages[message.Seq] = message;
                }
            }
        }
    }

    public bool Exists { get; }

    public Dictionary<string, RecordLine> Caches { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, WireConversation> Infos { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, IReadOnlyList<WireReceipt>> Receipts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, SortedDictionary<long, WireEntry>> Messages { get; } = new(StringComparer.Ordinal);
}
