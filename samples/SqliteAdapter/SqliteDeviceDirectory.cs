namespace ChatKit.Samples.Sqlite;

/// <summary>The devices of users.</summary>
internal sealed class SqliteDeviceDirectory(SqliteDatabase database) : IDeviceDirectory
{
    private const int MaxLimit = 10_000;

    public ValueTask<DeviceState> TouchAsync(DeviceId device, DateTimeOffset seenAt, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var revoked = session.First<bool?>(
                "SELECT revoked FROM devices WHERE tenant = $1 AND user = $2 AND device = $3", row => row.GetBoolean(0), device.Tenant, device.User.Value, device.Value);
            session.Execute(
                "INSERT INTO devices VALUES ($1, $2, $3, $4, $4, 0) ON CONFLICT DO UPDATE SET seen = max(seen, excluded.seen)",
                device.Tenant, device.User.Value, device.Value, seenAt.UtcTicks);
            return revoked switch
            {
                null => DeviceState.Registered,
                true => DeviceState.Revoked,
                false => DeviceState.Known,
            };
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<Device>> ListAsync(UserId user, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Device>>(
        session => session.All(
            "SELECT device, registered, seen, revoked FROM devices WHERE tenant = $1 AND user = $2 ORDER BY device",
            row => new Device(new DeviceId(user, row.GetString(0)), row.GetTime(1), row.GetTime(2), row.GetBoolean(3)),
            user.Tenant, user.Value),
        cancellationToken);

    public async ValueTask RevokeAsync(DeviceId device, DateTimeOffset at, CancellationToken cancellationToken) => await database.WriteAsync(
        session => session.Execute(
            "INSERT INTO devices VALUES ($1, $2, $3, $4, $4, 1) ON CONFLICT DO UPDATE SET revoked = 1",
            device.Tenant, device.User.Value, device.Value, at.UtcTicks),
        cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<DeviceId>> ForgetAsync(DateTimeOffset unseenSince, int limit, CancellationToken cancellationToken)
    {
        Rows.CheckLimit(limit, MaxLimit);
        return database.WriteAsync<IReadOnlyList<DeviceId>>(
            session =>
            {
                var devices = session.All(
                    "SELECT tenant, user, device FROM devices WHERE seen < $1 AND revoked = 0 ORDER BY seen LIMIT $2",
                    row => new DeviceId(new UserId(row.GetString(1), row.GetString(0)), row.GetString(2)),
                    unseenSince.UtcTicks, limit);
                foreach (var device in devices)
                {
                    session.Execute("DELETE FROM devices WHERE tenant = $1 AND user = $2 AND device = $3", device.Tenant, device.User.Value, device.Value);
                }

                return devices;
            },
            cancellationToken);
    }
}
