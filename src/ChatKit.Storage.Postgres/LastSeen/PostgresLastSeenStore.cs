namespace ChatKit.Storage.Postgres;

internal sealed class PostgresLastSeenStore(PostgresDatabase database) : ILastSeenStore
{
    private readonly string _touch = database.Sql("""
        insert into {schema}.last_seen as s (tenant, user_id, seen_at)
        select u.tenant, u.user_id, u.seen_at from unnest($1, $2, $3) u (tenant, user_id, seen_at)
        order by u.tenant collate "C", u.user_id collate "C"
        on conflict (tenant, user_id) do update set seen_at = excluded.seen_at where s.seen_at < excluded.seen_at
        """);

    private readonly string _get = database.Sql("""
        select u.n::int, s.seen_at
        from unnest($1, $2) with ordinality u (tenant, user_id, n)
        join {schema}.last_seen s on s.tenant = u.tenant and s.user_id = u.user_id
        """);

    public async ValueTask TouchAsync(IReadOnlyList<LastSeenRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var latest = new Dictionary<UserId, DateTime>(rows.Count);
        foreach (var row in rows)
        {
            Ids.Check(row.User);
            var at = row.At.UtcDateTime;
            if (!latest.TryGetValue(row.User, out var known) || known < at)
            {
                latest[row.User] = at;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (latest.Count > 0)
        {
            await database.WriteAsync(
                Safety.Repeatable, _touch,
                p => p.Texts([.. latest.Keys.Select(static user => user.Tenant)]).Texts([.. latest.Keys.Select(static user => user.Value)])
                    .Times([.. latest.Values]),
                cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<DateTimeOffset?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        var copy = Ids.Copy(users);
        return database.ReadAsync<IReadOnlyList<DateTimeOffset?>>(
            _get,
            p => p.Texts([.. copy.Select(static user => user.Tenant)]).Texts([.. copy.Select(static user => user.Value)]),
            async reader =>
            {
                var seen = new DateTimeOffset?[copy.Length];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    seen[reader.GetInt32(0) - 1] = reader.Time(1);
                }

                return seen;
            },
            cancellationToken);
    }
}
