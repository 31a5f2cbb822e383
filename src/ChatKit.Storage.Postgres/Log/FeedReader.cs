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

    // One probe a row: "offset 0" keeps the planner from joining with all conversations.
    private readonly string _rows = database.Sql("""
        select f.position, c.tenant, c.id, f.from_seq, f.to_seq, f.membership_version
        from (select * from {schema}.feed where position > $1 and position <= $2 order by position limit $3) f
        cross join lateral (select x.tenant, x.id from {schema}.conversations x where x.conv = f.conv offset 0) c
        order by f.position
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
                : await database.ExecuteAsync(connection, _rows, p => p.Long(after).Long(bound).Int(limit), reader => ReadAsync(reader, after)).ConfigureAwait(false);
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

    private static async Task<FeedPage> ReadAsync(NpgsqlDataReader reader, long after)
    {
        List<FeedItem> items = [];
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            items.Add(new FeedItem(
                reader.GetInt64(0), new ConversationId(reader.GetString(2), reader.GetString(1)), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
        }

        return new FeedPage(items, items.Count == 0 ? after : items[^1].Position);
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
