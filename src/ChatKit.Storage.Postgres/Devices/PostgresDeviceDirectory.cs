using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>The devices of users; an index on the time last seen finds those to forget.</summary>
internal sealed class PostgresDeviceDirectory(PostgresDatabase database) : IDeviceDirectory, IDeviceRevocations
{
    private const int MaxLimit = 10_000;

    private readonly string _touch = database.Sql("select {schema}.touch_device($1, $2, $3, $4)");

    private readonly string _list = database.Sql(
        "select device, registered_at, seen_at, revoked from {schema}.devices where tenant = $1 and user_id = $2 order by device");

    private readonly string _revoke = database.Sql("""
        insert into {schema}.devices as d (tenant, user_id, device, registered_at, seen_at, revoked) values ($1, $2, $3, $4, $4, true)
        on conflict (tenant, user_id, device) do update set revoked = true where not d.revoked
        """);

    private readonly string _revoked = database.Sql("""
        select u.n::int
        from unnest($1, $2, $3) with ordinality u (tenant, user_id, device, n)
        join {schema}.devices d on d.tenant = u.tenant and d.user_id = u.user_id and d.device = u.device
        where d.revoked
        """);

    private readonly string _forget = database.Sql("""
        delete from {schema}.devices d
        where d.ctid = any (array(
            select x.ctid from {schema}.devices x where x.seen_at < $1 and not x.revoked order by x.seen_at, x.tenant, x.user_id, x.device limit $2 for update))
        returning d.tenant, d.user_id, d.device
        """);

    public ValueTask<DeviceState> TouchAsync(DeviceId device, DateTimeOffset seenAt, CancellationToken cancellationToken)
    {
        Ids.Check(device);

        // Once: made again after an unclear answer, it would find known what it registered.
        return database.WriteAsync(
            Safety.Once, _touch, p => Bind(p, device).Time(seenAt),
            static async reader =>
            {
                await reader.ReadAsync().ConfigureAwait(false);
                return (DeviceState)reader.GetInt32(0);
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<Device>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        Ids.Check(user);
        return database.ReadAsync<IReadOnlyList<Device>>(
            _list,
            p => p.Text(user.Tenant).Text(user.Value),
            async reader =>
            {
                List<Device> devices = [];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    devices.Add(new Device(new DeviceId(user, reader.GetString(0)), reader.Time(1), reader.Time(2), reader.GetBoolean(3)));
                }

                return devices;
            },
            cancellationToken);
    }

    public ValueTask RevokeAsync(DeviceId device, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Ids.Check(device);
        return database.WriteAsync(Safety.Repeatable, _revoke, p => Bind(p, device).Time(at), cancellationToken);
    }

    public ValueTask<IReadOnlyList<DeviceId>> FindRevokedAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(devices);
        DeviceId[] copy = [.. devices];
        foreach (var device in copy)
        {
            Ids.Check(device);
        }

        return database.ReadAsync<IReadOnlyList<DeviceId>>(
            _revoked,
            p => p.Texts([.. copy.Select(static id => id.Tenant)]).Texts([.. copy.Select(static id => id.User.Value)]).Texts([.. copy.Select(static id => id.Value)]),
            async reader =>
            {
                List<DeviceId> revoked = [];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    revoked.Add(copy[reader.GetInt32(0) - 1]);
                }

                return revoked;
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<DeviceId>> ForgetAsync(DateTimeOffset unseenSince, int limit, CancellationToken cancellationToken)
    {
        Ids.CheckLimit(limit, MaxLimit);
        return database.WriteAsync<IReadOnlyList<DeviceId>>(
            Safety.Once, _forget, p => p.Time(unseenSince).Int(limit),
            static async reader =>
            {
                List<DeviceId> forgotten = [];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    forgotten.Add(new DeviceId(new UserId(reader.GetString(1), reader.GetString(0)), reader.GetString(2)));
                }

                return forgotten;
            },
            cancellationToken);
    }

    private static NpgsqlParameterCollection Bind(NpgsqlParameterCollection parameters, DeviceId device) =>
        parameters.Text(device.Tenant).Text(device.User.Value).Text(device.Value);
}
