using System.Text;

namespace ChatKit.Samples.Sqlite;

/// <summary>The logs, and the roles that live with them.</summary>
internal sealed class SqliteMessageStore(SqliteDatabase database) : IMessageStore, IStoreIdentity, ILogRetention, IFeedCheckpointStore
{
    private const int MaxBatch = 1_000;
    private const int MaxLimit = 10_000;
    private const int MaxConsumerBytes = 128;

    public ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Count > MaxBatch || batch.Any(request => request.Sender.Tenant != request.Conversation.Tenant))
        {
            throw new ArgumentException($"A batch has at most {MaxBatch} items, each of one tenant.", nameof(batch));
        }

        // The caller's list is his own again when he stops waiting.
        AppendRequest[] items = [.. batch];
        return database.WriteAsync(session => new LogWriter(session, database.Time.GetUtcNow().UtcTicks).Append(items), cancellationToken);
    }

    #region sqlite-read
    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        foreach (var range in ranges)
        {
            Rows.CheckLimit(range.Limit, MaxLimit);
        }

        return database.ReadAsync<IReadOnlyList<IReadOnlyList<LogEntry>>>(session => [.. ranges.Select(range => Read(session, range))], cancellationToken);
    }

    private static List<LogEntry> Read(SqliteSession session, LogRange range)
    {
        // Of an edited message the text is that of the entry that is its version; of all else it is the entry's own.
        var from = range.View == LogView.Entries
            ? "FROM entries e JOIN entries t ON t.log = e.log AND t.seq = e.seq WHERE e.log = $1 AND e.seq BETWEEN $2 AND $3"
            : "FROM entries e JOIN entries t ON t.log = e.log AND t.seq = iif(e.erased, e.seq, e.version) WHERE e.log = $1 AND e.seq BETWEEN $2 AND $3 AND e.kind = 1";
        return LogRow.Find(session, range.Conversation) is not { } log ? [] : session.All(
            $"SELECT {EntryRow.Columns} {from} ORDER BY e.seq {(range.Descending ? "DESC" : "ASC")} LIMIT $4",
            row => EntryRow.Read(row, range.Conversation),
            log.Log, range.From, range.To, range.Limit);
    }
    #endregion

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        return database.ReadAsync<IReadOnlyList<LogHead?>>(
            session => [.. conversations.Select(id => LogRow.Find(session, id)?.ToHead(id))], cancellationToken);
    }

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return database.ReadAsync<IReadOnlyList<long>>(session => [.. ranges.Select(span => Count(session, span))], cancellationToken);
    }

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        Rows.CheckLimit(limit, MaxLimit);
        return database.ReadAsync(
            session =>
            {
                var items = session.All(
                    """
                    SELECT f.position, l.conversation, l.tenant, f.first, f.last, f.membership
                    FROM feed f JOIN logs l ON l.log = f.log WHERE f.position > $1 ORDER BY f.position LIMIT $2
                    """,
                    row => new FeedItem(row.GetInt64(0), new ConversationId(row.GetString(1), row.GetString(2)), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
                    after, limit);
                return new FeedPage(items, items.Count == 0 ? after : items[^1].Position);
            },
            cancellationToken);
    }

    public ValueTask<StoreInfo> GetInfoAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session => new StoreInfo(
            session.First("SELECT incarnation FROM store", row => row.GetString(0))!,
            session.Number("SELECT max(position) FROM feed"),
            database.Time.GetUtcNow()),
        cancellationToken);

    public async ValueTask TrimAsync(ConversationId conversation, long through, CancellationToken cancellationToken) => await database.WriteAsync(
        session =>
        {
            if (LogRow.Find(session, conversation) is { } log && Math.Min(through, log.LastSeq - 1) is var last && last > log.TrimmedTo)
            {
                session.Execute("UPDATE logs SET trimmed_to = $2, trimmed_ordinal = $3 WHERE log = $1", log.Log, last, Ordinal(session, log, last));
                session.Execute("DELETE FROM entries WHERE log = $1 AND seq <= $2", log.Log, last);
            }

            return true;
        },
        cancellationToken).ConfigureAwait(false);

    public ValueTask<long?> GetCheckpointAsync(string consumer, CancellationToken cancellationToken)
    {
        CheckConsumer(consumer);
        return database.ReadAsync(
            session => session.First<long?>("SELECT position FROM checkpoints WHERE consumer = $1", row => row.GetInt64(0), consumer), cancellationToken);
    }

    public async ValueTask SaveCheckpointAsync(string consumer, long position, CancellationToken cancellationToken)
    {
        CheckConsumer(consumer);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        await database.WriteAsync(
            session => session.Execute(
                "INSERT INTO checkpoints VALUES ($1, $2) ON CONFLICT DO UPDATE SET position = max(position, excluded.position)", consumer, position),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The difference of two running ordinals, less the counting entries that were erased between them.</summary>
    private static long Count(SqliteSession session, LogSpan span)
    {
        if (LogRow.Find(session, span.Conversation) is not { } log)
        {
            return 0;
        }

        var (after, to) = (Math.Max(span.After, log.TrimmedTo), Math.Min(span.To, log.LastSeq));
        return after >= to ? 0 : Ordinal(session, log, to) - Ordinal(session, log, after) - session.Number(
            "SELECT count(*) FROM entries WHERE log = $1 AND seq > $2 AND seq <= $3 AND erased = 1 AND counts = 1", log.Log, after, to);
    }

    private static long Ordinal(SqliteSession session, LogRow log, long seq) => seq <= log.TrimmedTo
        ? log.TrimmedOrdinal
        : session.Number("SELECT ordinal FROM entries WHERE log = $1 AND seq = $2", log.Log, seq);

    private static void CheckConsumer(string consumer)
    {
        ArgumentException.ThrowIfNullOrEmpty(consumer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(consumer), MaxConsumerBytes, nameof(consumer));
    }
}
