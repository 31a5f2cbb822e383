using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>The logs, and the roles that live with them.</summary>
internal sealed class LiteDbMessageStore(LiteDbDatabase database) : IMessageStore, IStoreIdentity, ILogRetention, IFeedCheckpointStore
{
    private const int MaxBatch = 1_000;
    private const int TrimChunk = 500;

    public ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, MaxBatch, nameof(batch));
        if (batch.Count == 0)
        {
            return ValueTask.FromResult<IReadOnlyList<AppendResult>>([]);
        }

        // The writer must judge what was asked, whatever the caller does with his list meanwhile.
        AppendRequest[] copy = [.. batch];
        foreach (var request in copy)
        {
            Check(request);
        }

        return database.WriteAsync(copy.Length, session => new LogAppender(session).Append(copy), cancellationToken);
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        LogRange[] copy = [.. ranges];
        Keys.Check(copy.Select(static range => range.Conversation));
        foreach (var range in copy)
        {
            LogReader.CheckLimit(range.Limit, 10_000);
        }

        return LogReader.ReadAsync(database, copy, cancellationToken);
    }

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        ConversationId[] copy = [.. conversations];
        Keys.Check(copy);
        return database.ReadAsync<IReadOnlyList<LogHead?>>(
            session => [.. copy.Select(id => LogReader.Head(session, id)?.ToHead(id))], cancellationToken);
    }

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        LogSpan[] copy = [.. ranges];
        Keys.Check(copy.Select(static span => span.Conversation));
        return database.ReadAsync<IReadOnlyList<long>>(
            session => [.. copy.Select(span => LogReader.Count(session, span))], cancellationToken);
    }

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        LogReader.CheckLimit(limit, 10_000);
        return database.ReadAsync(session => LogReader.Feed(session, after, limit), cancellationToken);
    }

    public ValueTask<StoreInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(new StoreInfo(database.Incarnation, database.FeedEnd, database.Time.GetUtcNow()));
    }

    public async ValueTask TrimAsync(ConversationId conversation, long through, CancellationToken cancellationToken)
    {
        var key = Keys.Conversation(conversation);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        while (await database.WriteAsync(TrimChunk, session => TrimChunkOf(session, key, through), cancellationToken).ConfigureAwait(false));
    }

    public ValueTask<long?> GetCheckpointAsync(string consumer, CancellationToken cancellationToken)
    {
        CheckConsumer(consumer);
        return database.ReadAsync(session => session.Find(Collections.FeedCheckpoints, consumer)?["p"].AsInt64, cancellationToken);
    }

    public async ValueTask SaveCheckpointAsync(string consumer, long position, CancellationToken cancellationToken)
    {
        CheckConsumer(consumer);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        await database.WriteAsync(1, session =>
        {
            if (session.Find(Collections.FeedCheckpoints, consumer) is not { } known || known["p"].AsInt64 < position)
            {
                session.Upsert(Collections.FeedCheckpoints, new BsonDocument { ["_id"] = consumer, ["p"] = position });
            }

            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the next chunk; returns whether there is more.</summary>
    private static bool TrimChunkOf(WriteSession session, string key, long through)
    {
        if (session.Heads.Find(key) is not { } head)
        {
            return false;
        }

        var last = Math.Min(through, head.LastSeq - 1);
        var to = Math.Min(last, head.TrimmedTo + TrimChunk);
        if (to <= head.TrimmedTo)
        {
            return false;
        }

        var (first, end) = (Keys.Entry(head.Number, head.TrimmedTo + 1), Keys.Entry(head.Number, to));
        head.TrimmedOrdinal = session.Find(Collections.Entries, end)!["o"].AsInt64;
        session.Delete(Collections.Erased, session.Range(Collections.Erased, first, end).Select(static d => d["_id"]).ToList());
        session.Delete(Collections.Entries, Enumerable.Range(0, (int)(to - head.TrimmedTo)).Select(i => new BsonValue(first + i)));
        head.TrimmedTo = to;
        session.Heads.Put(key, head);
        return to < last;
    }

    private static void Check(AppendRequest request)
    {
        ArgumentNullException.ThrowIfNull(request, "batch");
        ArgumentNullException.ThrowIfNull(request.Header, "batch");
        ArgumentNullException.ThrowIfNull(request.Header.Assets, "batch");
        ArgumentNullException.ThrowIfNull(request.Header.ContentType, "batch");
        Keys.Conversation(request.Conversation);
        Keys.Join(Keys.User(request.Sender), request.Command.Value);
        Keys.SameTenant(request.Conversation.Tenant, request.Sender.Tenant);
        foreach (var asset in request.Header.Assets)
        {
            Keys.Join(asset.Tenant, asset.Value);
        }
    }

    private static void CheckConsumer(string consumer)
    {
        ArgumentException.ThrowIfNullOrEmpty(consumer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(System.Text.Encoding.UTF8.GetByteCount(consumer), 128, nameof(consumer));
    }
}
