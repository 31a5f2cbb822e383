using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Reads the feed up to where no append can appear any more. An appender takes an advisory lock that names the sequence's last value
/// before it takes positions, and holds it until its commit is visible. So three statements, each with a snapshot of its own: the sequence's
/// last value; the lowest value of any lock held; then rows up to the lower of both (docs/decisions/postgres.md proves it).</summary>
internal sealed class FeedReader(PostgresDatabase database)
{
    private const int MaxLimit = 10_000;

    private readonly string _last = database.Sql("select last_value from {schema}.feed_position");

    private readonly string _inFlight = database.Sql("""
        select min(((l.classid::bigint & 65535) << 32) | l.objid::bigint)
        from pg_catalog.pg_locks l
        where l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint >> 16 = {feed_class} >> 48
          and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
        """);

    private readonly string _rows = database.Sql("""
        select f.position, f.conv, f.from_seq, f.to_seq, f.membership_version
        from {schema}.feed f where f.position > $1 and f.position <= $2 order by f.position limit $3
        """);

    // By the numbers that the page names, once each: a busy conversation has many rows in it. "offset 0" keeps the planner from joining with all conversations.
    private readonly string _ids = database.Sql("""
        select n, c.tenant, c.id
        from unnest($1) n cross join lateral (select x.tenant, x.id from {schema}.conversations x where x.conv = n offset 0) c
        """);

    private readonly string _end = database.Sql("""
        select m.incarnation, clock_timestamp(), coalesce((select max(f.position) from {schema}.feed f where f.position <= $1), 0)
        from {schema}.meta m
        """);

    public ValueTask<FeedPage> ReadAsync(long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        Ids.CheckLimit(limit, MaxLimit);
        return database.ReadAsync(async connection =>
        {
            var bound = await BoundAsync(connection).ConfigureAwait(false);
            return bound <= after
                ? new FeedPage([], after)
                : await ReadAsync(connection, after, bound, limit).ConfigureAwait(false);
        }, cancellationToken);
    }

    public ValueTask<StoreInfo> InfoAsync(CancellationToken cancellationToken) => database.ReadAsync(async connection =>
    {
        var bound = await BoundAsync(connection).ConfigureAwait(false);
        return await database.ExecuteAsync(connection, _end, p => p.Long(bound), async reader =>
        {
            await reader.ReadAsync().ConfigureAwait(false);
            return new StoreInfo(reader.GetString(0), reader.GetInt64(2), database.Now ?? reader.Time(1));
        }).ConfigureAwait(false);
    }, cancellationToken);

    private async Task<FeedPage> ReadAsync(NpgsqlConnection connection, long after, long bound, int limit)
    {
        var rows = await database.ExecuteAsync(connection, _rows, p => p.Long(after).Long(bound).Int(limit), ReadRowsAsync).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            return new FeedPage([], after);
        }

        // A conversation that somebody deleted by hand is passed over.
        long[] numbers = [.. rows.Select(static row => row.Number).Distinct()];
        var ids = await database.ExecuteAsync(connection, _ids, p => p.Longs(numbers), ReadIdsAsync).ConfigureAwait(false);
        var items = rows.Where(row => ids.ContainsKey(row.Number)).Select(row => new FeedItem(row.Position, ids[row.Number], row.From, row.To, row.Version));
        return new FeedPage([.. items], rows[^1].Position);
    }

    private static async Task<List<(long Position, long Number, long From, long To, long Version)>> ReadRowsAsync(NpgsqlDataReader reader)
    {
        List<(long, long, long, long, long)> rows = [];
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)));
        }

        return rows;
    }

    private static async Task<Dictionary<long, ConversationId>> ReadIdsAsync(NpgsqlDataReader reader)
    {
        Dictionary<long, ConversationId> ids = [];
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            ids.Add(reader.GetInt64(0), new ConversationId(reader.GetString(2), reader.GetString(1)));
        }

        return ids;
    }

    private async Task<long> BoundAsync(NpgsqlConnection connection)
    {
        // The order of the two is the proof: a position at or below the first answer was taken by one who is seen by the second, or has ended.
        var last = await ScalarAsync(connection, _last).ConfigureAwait(false);
        var inFlight = await ScalarAsync(connection, _inFlight).ConfigureAwait(false);
        return Math.Min(last!.Value, inFlight ?? long.MaxValue);
    }

    private Task<long?> ScalarAsync(NpgsqlConnection connection, string sql) => database.ExecuteAsync(connection, sql, static _ => { }, static async reader =>
    {
        await reader.ReadAsync().ConfigureAwait(false);
        return reader.IsDBNull(0) ? (long?)null : reader.GetInt64(0);
    });
}
