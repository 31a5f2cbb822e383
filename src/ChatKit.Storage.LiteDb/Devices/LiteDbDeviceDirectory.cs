using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>The devices of users; an index on <c>seen</c> finds those to forget.</summary>
internal sealed class LiteDbDeviceDirectory(LiteDbDatabase database) : IDeviceDirectory, IDeviceRevocations
{
    public ValueTask<DeviceState> TouchAsync(DeviceId device, DateTimeOffset seenAt, CancellationToken cancellationToken)
    {
        var key = Keys.Device(device);
        return database.WriteAsync(1, session =>
        {
            if (session.Find(Collections.Devices, key) is not { } row)
            {
                session.Insert(Collections.Devices, Row(key, seenAt, revoked: false));
                return DeviceState.Registered;
            }

            if (row["seen"].AsInt64 < seenAt.UtcTicks)
            {
                row["seen"] = seenAt.UtcTicks;
                session.Update(Collections.Devices, row);
            }

            return row["revoked"].AsBoolean ? DeviceState.Revoked : DeviceState.Known;
        }, cancellationToken);
    }

    public ValueTask<IReadOnlyList<Device>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var key = Keys.User(user);
        return database.ReadAsync<IReadOnlyList<Device>>(session => [.. session.Under(Collections.Devices, key).Select(row => new Device(
            new DeviceId(user, Keys.Tail(row["_id"].AsString)), Time(row["registered"]), Time(row["seen"]), row["revoked"].AsBoolean))
            .OrderBy(static device => device.Id.Value, IdOrder.Comparer)],
            cancellationToken);
    }

    public async ValueTask RevokeAsync(DeviceId device, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var key = Keys.Device(device);
        await database.WriteAsync(1, session =>
        {
            if (session.Find(Collections.Devices, key) is { } row)
            {
                row["revoked"] = true;
                session.Update(Collections.Devices, row);
            }
            else
            {
                session.Insert(Collections.Devices, Row(key, at, revoked: true));
            }

            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<DeviceId>> ForgetAsync(DateTimeOffset unseenSince, int limit, CancellationToken cancellationToken)
    {
        LogReader.CheckLimit(limit, 10_000);
        var last = unseenSince.UtcTicks - 1;
        return database.WriteAsync<IReadOnlyList<DeviceId>>(limit, session =>
        {
            // Revoked ones are few, and are passed over here so that they never come back.
            var keys = session.Range(Collections.Devices, 0L, last, field: "seen").Where(static row => !row["revoked"].AsBoolean)
                .Take(limit).Select(static row => row["_id"]).ToList();
            session.Delete(Collections.Devices, keys);
            return [.. keys.Select(static key =>
            {
                var parts = key.AsString.Split(Keys.Separator);
                return new DeviceId(new UserId(parts[1], parts[0]), parts[2]);
            })];
        }, cancellationToken);
    }

    public ValueTask<IReadOnlyList<DeviceId>> FindRevokedAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<DeviceId>>(session => [.. devices.Where(
            device => session.Find(Collections.Devices, Keys.Device(device)) is { } row && row["revoked"].AsBoolean)], cancellationToken);

    private static BsonDocument Row(string key, DateTimeOffset at, bool revoked) => new()
    {
        ["_id"] = key,
        ["registered"] = at.UtcTicks,
        ["seen"] = at.UtcTicks,
        ["revoked"] = revoked,
    };

    private static DateTimeOffset Time(BsonValue ticks) => new(ticks.AsInt64, TimeSpan.Zero);
}
