using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>Reads of the log.</summary>
internal static class LogReader
{
    // A commit waits for the reads inside the gate, so a long read passes it in pieces.
    private const int PieceEntries = 128;
    private const int PieceBytes = 1024 * 1024;

    public static void CheckLimit(int limit, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, max);
    }

    public static HeadState? Head(DocumentSession session, ConversationId conversation) =>
        session.Find(Collections.Heads, Keys.Conversation(conversation)) is { } document ? HeadState.From(document) : null;

    public static async ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(
        LiteDbDatabase database, LogRange[] ranges, CancellationToken cancellationToken)
    {
        var results = new List<LogEntry>[ranges.Length];
        var rests = new LogRange?[ranges.Length];
        for (var i = 0; i < ranges.Length; i++)
        {
            results[i] = [];
            rests[i] = ranges[i];
        }

        var next = 0;
        while (next < ranges.Length)
        {
            var start = next;
            next = await database.ReadAsync(session => ReadPiece(session, start, rests, results), cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    public static long Count(DocumentSession session, LogSpan span)
    {
        if (Head(session, span.Conversation) is not { } head)
        {
            return 0;
        }

        var after = Math.Max(span.After, head.TrimmedTo);
        var to = Math.Min(span.To, head.LastSeq);
        if (after >= to)
        {
            return 0;
        }

        var erased = session.Range(Collections.Erased, Keys.Entry(head.Number, after + 1), Keys.Entry(head.Number, to)).Count();
        return Ordinal(session, head, to) - Ordinal(session, head, after) - erased;
    }

    public static FeedPage Feed(DocumentSession session, long after, int limit)
    {
        if (after == long.MaxValue)
        {
            return new FeedPage([], after);
        }

        List<FeedItem> items = [.. session.Range(Collections.Feed, after + 1, long.MaxValue, limit: limit).Select(static d =>
        {
            var parts = d["c"].AsString.Split(Keys.Separator);
            return new FeedItem(
                d["_id"].AsInt64, new ConversationId(parts[1], parts[0]), d["from"].AsInt64, d["to"].AsInt64, d["mv"].AsInt64);
        })];
        return new FeedPage(items, items.Count == 0 ? after : items[^1].Position);
    }

    /// <summary>Reads on from a range until the piece is full; returns the index of the first range that is not finished.</summary>
    private static int ReadPiece(DocumentSession session, int start, LogRange?[] rests, List<LogEntry>[] results)
    {
        var (entries, bytes) = (0, 0L);
        for (var i = start; i < rests.Length; i++)
        {
            var range = rests[i]!.Value;
            if (Head(session, range.Conversation) is not { } head)
            {
                continue;
            }

            var from = Math.Max(range.From, head.TrimmedTo + 1);
            var to = Math.Min(range.To, head.LastSeq);
            if (from > to)
            {
                continue;
            }

            var missing = range.Limit;
            foreach (var document in session.Range(
                Collections.Entries, Keys.Entry(head.Number, from), Keys.Entry(head.Number, to), range.Descending))
            {
                // Whoever reads only messages pays for the entries passed over, too.
                entries++;
                if (range.View == LogView.Entries || EntryDocuments.Kind(document) == EntryKind.Message)
                {
                    var entry = View(session, head, document, range);
                    results[i].Add(entry);
                    bytes += entry.Body.Length;
                    if (--missing == 0)
                    {
                        break;
                    }
                }

                if (entries >= PieceEntries || bytes >= PieceBytes)
                {
                    var seq = EntryDocuments.Seq(document);
                    rests[i] = range.Descending
                        ? range with { To = seq - 1, Limit = missing }
                        : range with { From = seq + 1, Limit = missing };
                    return i;
                }
            }
        }

        return rests.Length;
    }

    private static LogEntry View(DocumentSession session, HeadState head, BsonDocument document, LogRange range)
    {
        var entry = EntryDocuments.ToEntry(document, range.Conversation);
        return range.View == LogView.Messages && !entry.Erased && entry.Version != entry.Seq
            && session.Find(Collections.Entries, Keys.Entry(head.Number, entry.Version)) is { } edit
                ? EntryDocuments.Edited(entry, edit)
                : entry;
    }

    private static long Ordinal(DocumentSession session, HeadState head, long seq)
    {
        if (seq == head.LastSeq)
        {
            return head.Ordinal;
        }

        return seq <= head.TrimmedTo
            ? head.TrimmedOrdinal
            : session.Find(Collections.Entries, Keys.Entry(head.Number, seq))!["o"].AsInt64;
    }
}
