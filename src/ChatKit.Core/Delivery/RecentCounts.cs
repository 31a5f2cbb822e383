namespace ChatKit.Delivery;

/// <summary>Which of the newest entries of busy conversations count as unread, from the hints that bring them: while entries flow, the store need not be asked what
/// lies behind a mark that moved, and deliveries need not wait for its answer. Thread-safe.</summary>
internal sealed class RecentCounts
{
    /// <summary>Beyond this a conversation keeps the newer half.</summary>
    private const int MostEntries = 2048;
    private const int MostConversations = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<ConversationId, Window> windows = [];

    /// <summary>Notes the entries of a hint; after a gap, or a hint without its entries, a conversation begins anew.</summary>
    public void Add(EntriesAppended appended)
    {
        lock (gate)
        {
            if (appended.Entries is not { Count: > 0 } entries)
            {
                // What it does not bring may be a deletion.
                if (windows.TryGetValue(appended.Conversation, out var known) && appended.To > known.To)
                {
                    windows.Remove(appended.Conversation);
                }

                return;
            }

            if (!windows.TryGetValue(appended.Conversation, out var window))
            {
                if (windows.Count >= MostConversations)
                {
                    windows.Clear(); // Costs questions to the store.
                }

                windows.Add(appended.Conversation, window = new Window(entries[0].Seq));
            }

            foreach (var entry in entries)
            {
                window.Add(entry);
            }
        }
    }

    /// <summary>How many entries after one position up to another count and are not deleted.</summary>
    /// <returns>False when they are not all known.</returns>
    public bool TryCount(ConversationId conversation, long after, long to, out long count)
    {
        lock (gate)
        {
            count = 0;
            return windows.TryGetValue(conversation, out var window) && window.TryCount(after, to, out count);
        }
    }

    private sealed class Window(long from)
    {
        private readonly List<bool> counts = [];
        private long from = from;

        public long To => from + counts.Count - 1;

        public void Add(LogEntry entry)
        {
            if (entry.Seq <= To)
            {
                return; // A hint that came again.
            }

            if (entry.Seq != To + 1)
            {
                counts.Clear();
                from = entry.Seq;
            }

            counts.Add(entry.Header.Counts && !entry.Erased);
            if (entry.Header is { Kind: EntryKind.Deletion, Target: { } target } && target >= from && target <= To)
            {
                counts[(int)(target - from)] = false;
            }

            if (counts.Count > MostEntries)
            {
                counts.RemoveRange(0, MostEntries / 2);
                from += MostEntries / 2;
            }
        }

        public bool TryCount(long after, long to, out long count)
        {
            count = 0;
            if (after + 1 < from || to > To)
            {
                return false;
            }

            for (var seq = after + 1; seq <= to; seq++)
            {
                count += counts[(int)(seq - from)] ? 1 : 0;
            }

            return true;
        }
    }
}
