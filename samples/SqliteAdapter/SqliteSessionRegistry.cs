namespace ChatKit.Samples.Sqlite;

/// <summary>Node leases and sessions.</summary>
internal sealed class SqliteSessionRegistry(SqliteDatabase database) : ISessionRegistry
{
    private static readonly TimeSpan MinLease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLease = TimeSpan.FromHours(1);

    private long Now => database.Time.GetUtcNow().UtcTicks;

    public ValueTask<bool> RenewNodeAsync(NodeId node, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lease, MinLease);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lease, MaxLease);
        return database.WriteAsync(
            session =>
            {
                var now = Now;
                session.Execute("DELETE FROM sessions WHERE node IN (SELECT node FROM nodes WHERE until <= $1)", now);
                session.Execute("DELETE FROM nodes WHERE until <= $1", now);
                var lived = session.Number("SELECT count(*) FROM nodes WHERE node = $1", node.Value) > 0;
                if (!lived)
                {
                    session.Execute("DELETE FROM sessions WHERE node = $1", node.Value);
                }

                session.Execute("INSERT INTO nodes VALUES ($1, $2) ON CONFLICT DO UPDATE SET until = excluded.until", node.Value, now + lease.Ticks);
                return lived;
            },
            cancellationToken);
    }

    public async ValueTask RemoveNodeAsync(NodeId node, CancellationToken cancellationToken) => await database.WriteAsync(
        session => session.Execute("DELETE FROM nodes WHERE node = $1", node.Value) + session.Execute("DELETE FROM sessions WHERE node = $1", node.Value),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask PutAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        SessionRecord[] items = [.. sessions];
        await database.WriteAsync(
            session =>
            {
                foreach (var item in items)
                {
                    session.Execute(
                        "INSERT OR REPLACE INTO sessions VALUES ($1, $2, $3, $4, $5, $6)",
                        item.Device.Tenant, item.Device.User.Value, item.Session.Value, item.Device.Value, item.Node.Value, item.ConnectedAt.UtcTicks);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask RemoveAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        SessionRecord[] items = [.. sessions];
        await database.WriteAsync(
            session =>
            {
                foreach (var item in items)
                {
                    session.Execute(
                        "DELETE FROM sessions WHERE tenant = $1 AND user = $2 AND session = $3", item.Device.Tenant, item.Device.User.Value, item.Session.Value);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<SessionRecord>>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        return database.ReadAsync<IReadOnlyList<IReadOnlyList<SessionRecord>>>(
            session => [.. users.Select(user => session.All(
                """
                SELECT s.session, s.device, s.node, s.connected FROM sessions s JOIN nodes n ON n.node = s.node
                WHERE s.tenant = $1 AND s.user = $2 AND n.until > $3
                """,
                row => new SessionRecord(
                    new SessionId(row.GetString(0)), new DeviceId(user, row.GetString(1)), new NodeId(row.GetString(2)), row.GetTime(3)),
                user.Tenant, user.Value, Now))],
            cancellationToken);
    }
}
