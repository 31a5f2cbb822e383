using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>The logs, and the roles that live with them.</summary>
internal sealed class PostgresMessageStore(PostgresDatabase database) : IMessageStore, IStoreIdentity, ILogRetention, IConversationListReader, IParallelAppends
{
    private const int MaxBatch = 1_000;
    private const int TrimChunk = 500;

    /// <summary>While one waits for its flush, or for the host, the others work; more make smaller batches (docs/performance.md).</summary>
    public int UsefulAppends => 3;

    private readonly LogReader _reader = new(database);
    private readonly FeedReader _feed = new(database);
    private readonly ConversationListReader _list = new(database);

    internal AppendOne One { get; } = new(database);

    internal string AppendSql { get; } = database.Sql(
        "select * from {schema}.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)");

    private readonly string _trim = database.Sql("select {schema}.trim_chunk($1, $2, $3, $4, $5, $6)");

    private readonly string _heads = database.Sql("""
        select r.n::int, c.last_seq, c.trimmed_to, c.membership_version, c.epoch, c.last_message_seq, c.last_activity_at
        from unnest($1, $2) with ordinality r (tenant, id, n)
        join {schema}.conversations c on c.tenant = r.tenant and c.id = r.id
        where c.last_seq > 0
        """);

    private readonly string _counts = database.Sql("""
        select r.n::int,
               {schema}.ordinal_at(c.conv, s.high, c.last_seq, c.ordinal, c.trimmed_to, c.trimmed_ordinal)
             - {schema}.ordinal_at(c.conv, s.low, c.last_seq, c.ordinal, c.trimmed_to, c.trimmed_ordinal)
             - (select count(*) from {schema}.entries x where x.conv = c.conv and x.erased and x.counts and x.seq > s.low and x.seq <= s.high)
        from unnest($1, $2, $3, $4) with ordinality r (tenant, id, low, high, n)
        join {schema}.conversations c on c.tenant = r.tenant and c.id = r.id
        cross join lateral (select greatest(r.low, c.trimmed_to) as low, least(r.high, c.last_seq) as high) s
        where s.low < s.high
        """);

    public async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, MaxBatch, nameof(batch));
        foreach (var request in batch)
        {
            Check(request);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (batch.Count == 0)
        {
            return [];
        }

        // Only prepared: planning the statement costs more than it saves.
        if (database.Options.PrepareStatements && AppendOne.Takes(batch)
            && await One.TryAppendAsync(batch[0], cancellationToken).ConfigureAwait(false) is { } appended)
        {
            return [appended];
        }

        // By its keys an append may be sent again whatever became of it.
        var arrays = new AppendBatch(batch);
        return await database.WriteAsync(
            Safety.Repeatable, AppendSql, parameters => arrays.Bind(parameters, database.Now), arrays.ReadAsync, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return _reader.ReadAsync(ranges, cancellationToken);
    }

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        var copy = Ids.Copy(conversations);
        return database.ReadAsync<IReadOnlyList<LogHead?>>(
            _heads,
            p => p.Texts([.. copy.Select(static id => id.Tenant)]).Texts([.. copy.Select(static id => id.Value)]),
            async reader =>
            {
                var heads = new LogHead?[copy.Length];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    var n = reader.GetInt32(0) - 1;
                    heads[n] = ReadHead(reader, copy[n], 1);
                }

                return heads;
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        LogSpan[] copy = [.. ranges];
        foreach (var span in copy)
        {
            Ids.Check(span.Conversation);
        }

        return database.ReadAsync<IReadOnlyList<long>>(
            _counts,
            p => p.Texts([.. copy.Select(static s => s.Conversation.Tenant)]).Texts([.. copy.Select(static s => s.Conversation.Value)])
                .Longs([.. copy.Select(static s => s.After)]).Longs([.. copy.Select(static s => s.To)]),
            async reader =>
            {
                var counts = new long[copy.Length];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    counts[reader.GetInt32(0) - 1] = reader.GetInt64(1);
                }

                return counts;
            },
            cancellationToken);
    }

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) => _feed.ReadAsync(after, limit, cancellationToken);

    public ValueTask<StoreInfo> GetInfoAsync(CancellationToken cancellationToken) => _feed.InfoAsync(cancellationToken);

    public async ValueTask TrimAsync(ConversationId conversation, long through, CancellationToken cancellationToken)
    {
        Ids.Check(conversation);
        bool more;
        do
        {
            more = await database.WriteAsync(
                Safety.Repeatable, _trim,
                p => p.Time(database.Now).Text(conversation.Tenant).Text(conversation.Value).Long(through).Int(TrimChunk).Interval(database.Options.CommandKeyLifetime),
                static async reader => await reader.ReadAsync().ConfigureAwait(false) && reader.GetBoolean(0),
                cancellationToken).ConfigureAwait(false);
        }
        while (more);
    }

    public bool CanRead(IReceiptStore receipts, IGroupDirectory groups) =>
        receipts is PostgresReceiptStore marks && marks.Database == database && groups is PostgresGroupDirectory directory && directory.Database == database;

    public ValueTask<IReadOnlyList<ConversationListRow>> ReadAsync(
        UserId user, ConversationListPosition? after, int limit, CancellationToken cancellationToken) => _list.ReadAsync(user, after, limit, cancellationToken);

    internal static LogHead ReadHead(NpgsqlDataReader reader, ConversationId id, int at) => new()
    {
        Conversation = id,
        LastSeq = reader.GetInt64(at),
        TrimmedTo = reader.GetInt64(at + 1),
        MembershipVersion = reader.GetInt64(at + 2),
        Epoch = reader.GetInt64(at + 3),
        LastMessageSeq = reader.GetInt64(at + 4),
        LastActivityAt = reader.Time(at + 5),
    };

    private static void Check(AppendRequest request)
    {
        ArgumentNullException.ThrowIfNull(request, "batch");
        ArgumentNullException.ThrowIfNull(request.Header, "batch");
        ArgumentNullException.ThrowIfNull(request.Header.Assets, "batch");
        ArgumentNullException.ThrowIfNull(request.Header.ContentType, "batch");
        Ids.Check(request.Conversation);
        Ids.Check(request.Sender);
        Ids.Set(request.Command.Value);
        Ids.SameTenant(request.Conversation.Tenant, request.Sender.Tenant);
        foreach (var asset in request.Header.Assets)
        {
            Ids.Set(asset.Value);
        }
    }
}
