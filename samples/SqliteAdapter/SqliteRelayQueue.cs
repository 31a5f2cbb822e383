namespace ChatKit.Samples.Sqlite;

/// <summary>Device cursors.</summary>
internal sealed class SqliteRelayQueue(SqliteDatabase database) : IRelayQueue
{
    public async ValueTask AdvanceAsync(IReadOnlyList<DeviceCursor> cursors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cursors);
        DeviceCursor[] items = [.. cursors];
        await database.WriteAsync(
            session =>
            {
                foreach (var cursor in items)
                {
                    session.Execute(
                        "INSERT INTO cursors VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET delivered = max(delivered, excluded.delivered)",
                        cursor.Device.Tenant, cursor.Device.User.Value, cursor.Device.Value, cursor.Conversation.Value, cursor.Delivered);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<DeviceCursor>> GetCursorsAsync(DeviceId device, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<DeviceCursor>>(
            session => session.All(
                "SELECT conversation, delivered FROM cursors WHERE tenant = $1 AND user = $2 AND device = $3",
                row => new DeviceCursor(device, new ConversationId(row.GetString(0), device.Tenant), row.GetInt64(1)),
                device.Tenant, device.User.Value, device.Value),
            cancellationToken);

    public async ValueTask ForgetAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(devices);
        DeviceId[] items = [.. devices];
        await database.WriteAsync(
            session =>
            {
                foreach (var device in items)
                {
                    session.Execute("DELETE FROM cursors WHERE tenant = $1 AND user = $2 AND device = $3", device.Tenant, device.User.Value, device.Value);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }
}
