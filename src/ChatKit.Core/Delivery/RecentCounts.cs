namespace ChatKit.Delivery;

/// <summary>Which of the newest entries of busy conversations count as unread, from the hints that bring them: while entries flow, the store need not be asked what
/// lies behind a mark that moved, and deliveries need not wait for its answer. Only what came within a minute counts as new: no hint tells what the host trims (<see cref="ILogRetention"/>). Thread-safe.</summary>
internal sealed class RecentCounts(TimeProvider time)
{
    /// <summary>Beyond this a conversation keeps the newer half.</summary>
    private const int MostEntries = 2048;
    private const int MostConversations = 10_000;

    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

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

                windows.Add(appended.Conversation, window = new Window(entries[0].Seq, time));
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

    private sealed class Window(long from, TimeProvider time)
    {
        /// <summary>When each entry came, times two, and one more where it counts: a busy node has millions of them.</summary>
        private readonly List<long> entries = [];
        private long from = from;

        public long To => from + entries.Count - 1;

        public void Add(LogEntry entry)
        {
            if (entry.Seq <= To)
            {
                return; // A hint that came again.
            }

            if (entry.Seq != To + 1)
            {
                entries.Clear();
                from = entry.Seq;
            }

            if (entries.Count == MostEntries)
            {
                entries.RemoveRange(0, MostEntries / 2);
                from += MostEntries / 2;
            }

            entries.Add((time.GetTimestamp() << 1) | (entry.Header.Counts && !entry.Erased ? 1L : 0));
            if (entry.Header is { Kind: EntryKind.Deletion, Target: { } target } && target >= from && target <= To)
            {
                entries[(int)(target - from)] &= ~1L;
            }
        }

        public bool TryCount(long after, long to, out long count)
        {
            count = 0;
            if (after + 1 < from || to > To || (after < to && time.GetElapsedTime(entries[(int)(after + 1 - from)] >> 1) > Recent))
            {
                return false;
            }

            for (var seq = after + 1; seq <= to; seq++)
            {
                count += entries[(int)(seq - from)] & 1;
            }

            return true;
        }
    }
}
