using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>The delivered cursors of devices; those of a device lie together.</summary>
internal sealed class LiteDbRelayQueue(LiteDbDatabase database) : IRelayQueue
{
    public async ValueTask AdvanceAsync(IReadOnlyList<DeviceCursor> cursors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cursors);
        var merged = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var cursor in cursors)
        {
            Keys.SameTenant(cursor.Device.Tenant, cursor.Conversation.Tenant);
            var key = Keys.Join(Keys.Device(cursor.Device), cursor.Conversation.Value);
            merged[key] = Math.Max(merged.GetValueOrDefault(key), cursor.Delivered);
        }

        if (merged.Count > 0)
        {
            await database.WriteAsync(merged.Count, session => Advance(session, merged), cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<DeviceCursor>> GetCursorsAsync(DeviceId device, CancellationToken cancellationToken)
    {
        var key = Keys.Device(device);
        return database.ReadAsync<IReadOnlyList<DeviceCursor>>(session => [.. session.Under(Collections.Cursors, key).Select(row =>
            new DeviceCursor(device, new ConversationId(Keys.Tail(row["_id"].AsString), device.Tenant), row["d"].AsInt64))], cancellationToken);
    }

    public async ValueTask ForgetAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(devices);
        string[] keys = [.. devices.Select(Keys.Device)];
        if (keys.Length > 0)
        {
            await database.WriteAsync(keys.Length, session =>
            {
                foreach (var key in keys)
                {
                    session.Delete(Collections.Cursors, session.Under(Collections.Cursors, key).Select(static row => row["_id"]).ToList());
                }

                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool Advance(WriteSession session, Dictionary<string, long> cursors)
    {
        foreach (var (key, delivered) in cursors)
        {
            if (session.Find(Collections.Cursors, key) is not { } row || row["d"].AsInt64 < delivered)
            {
                session.Upsert(Collections.Cursors, new BsonDocument { ["_id"] = key, ["d"] = delivered });
            }
        }

        return true;
    }
}
