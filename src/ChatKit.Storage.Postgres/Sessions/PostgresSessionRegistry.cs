namespace ChatKit.Storage.Postgres;

/// <summary>Node leases and sessions, in tables that a crash of the server empties: renewing then says that the lease is gone.</summary>
internal sealed class PostgresSessionRegistry(PostgresDatabase database) : ISessionRegistry
{
    private static readonly TimeSpan MinLease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLease = TimeSpan.FromHours(1);

    private readonly string _renew = database.Sql("select {schema}.renew_node($1, $2, $3)");

    private readonly string _removeNode = database.Sql(
        "with lease as (delete from {schema}.nodes where node = $1) delete from {schema}.sessions where node = $1");

    private readonly string _put = database.Sql("""
        insert into {schema}.sessions (tenant, user_id, session, device, node, connected_at)
        select u.tenant, u.user_id, u.session, u.device, u.node, u.connected_at
        from unnest($1, $2, $3, $4, $5, $6) u (tenant, user_id, session, device, node, connected_at)
        order by u.tenant collate "C", u.user_id collate "C", u.session collate "C"
        on conflict (tenant, user_id, session) do update
        set device = excluded.device, node = excluded.node, connected_at = excluded.connected_at
        """);

    private readonly string _remove = database.Sql("""
        with gone as (
            select s.ctid from unnest($1, $2, $3) u (tenant, user_id, session)
            join {schema}.sessions s on s.tenant = u.tenant and s.user_id = u.user_id and s.session = u.session
            order by s.tenant, s.user_id, s.session
            for update of s)
        delete from {schema}.sessions s using gone g where s.ctid = g.ctid
        """);

    // One probe a user ("offset 0" keeps it one), by the index (ConnectionSettings keeps the planner from reading a small table whole).
    private readonly string _get = database.Sql("""
        select u.n::int, s.session, s.device, s.node, s.connected_at
        from unnest($1, $2) with ordinality u (tenant, user_id, n)
        cross join lateral (
            select y.session, y.device, y.node, y.connected_at from {schema}.sessions y where y.tenant = u.tenant and y.user_id = u.user_id offset 0) s
        join {schema}.nodes x on x.node = s.node and x.lease_until > coalesce($3, clock_timestamp())
        """);

    public ValueTask<bool> RenewNodeAsync(NodeId node, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, MinLease);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lease, MaxLease);
        Ids.Set(node.Value);

        // Once: made again after an unclear answer, it would find the lease it took itself.
        return database.WriteAsync(
            Safety.Once, _renew, p => p.Time(database.Now).Text(node.Value).Interval(lease),
            static async reader => await reader.ReadAsync().ConfigureAwait(false) && reader.GetBoolean(0),
            cancellationToken);
    }

    public ValueTask RemoveNodeAsync(NodeId node, CancellationToken cancellationToken)
    {
        Ids.Set(node.Value);
        return database.WriteAsync(Safety.Repeatable, _removeNode, p => p.Text(node.Value), cancellationToken);
    }

    public async ValueTask PutAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken)
    {
        var rows = Latest(sessions);
        cancellationToken.ThrowIfCancellationRequested();
        if (rows.Length > 0)
        {
            await database.WriteAsync(
                Safety.Repeatable, _put,
                p => p.Texts([.. rows.Select(static s => s.Device.Tenant)]).Texts([.. rows.Select(static s => s.Device.User.Value)])
                    .Texts([.. rows.Select(static s => s.Session.Value)]).Texts([.. rows.Select(static s => s.Device.Value)])
                    .Texts([.. rows.Select(static s => s.Node.Value)]).Times([.. rows.Select(static s => s.ConnectedAt.UtcDateTime)]),
                cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask RemoveAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken)
    {
        var rows = Latest(sessions);
        cancellationToken.ThrowIfCancellationRequested();
        if (rows.Length > 0)
        {
            await database.WriteAsync(
                Safety.Repeatable, _remove,
                p => p.Texts([.. rows.Select(static s => s.Device.Tenant)]).Texts([.. rows.Select(static s => s.Device.User.Value)])
                    .Texts([.. rows.Select(static s => s.Session.Value)]),
                cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<SessionRecord>>> GetAsync(
        IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        var copy = Ids.Copy(users);
        return database.ReadAsync<IReadOnlyList<IReadOnlyList<SessionRecord>>>(
            _get,
            p => p.Texts([.. copy.Select(static user => user.Tenant)]).Texts([.. copy.Select(static user => user.Value)]).Time(database.Now),
            async reader =>
            {
                var results = new List<SessionRecord>[copy.Length];
                for (var n = 0; n < results.Length; n++)
                {
                    results[n] = [];
                }

                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    var n = reader.GetInt32(0) - 1;
                    results[n].Add(new SessionRecord(
                        new SessionId(reader.GetString(1)), new DeviceId(copy[n], reader.GetString(2)), new NodeId(reader.GetString(3)), reader.Time(4)));
                }

                return results;
            },
            cancellationToken);
    }

    /// <summary>One a user and session, the last given.</summary>
    private static SessionRecord[] Latest(IReadOnlyList<SessionRecord> sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        var latest = new Dictionary<(UserId, SessionId), SessionRecord>(sessions.Count);
        foreach (var session in sessions)
        {
            ArgumentNullException.ThrowIfNull(session, nameof(sessions));
            Ids.Check(session.Device);
            Ids.Set(session.Session.Value);
            Ids.Set(session.Node.Value);
            latest[(session.Device.User, session.Session)] = session;
        }

        return [.. latest.Values];
    }
}
