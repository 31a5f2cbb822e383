namespace ChatKit.Storage.Postgres;

/// <summary>The delivered cursors of devices; those of a device lie together.</summary>
internal sealed class PostgresRelayQueue(PostgresDatabase database) : IRelayQueue
{
    // In the order of keys, as all that write several rows; a cursor that does not move is not written.
    private readonly string _advance = database.Sql("""
        insert into {schema}.device_cursors as c (tenant, user_id, device, conversation, delivered)
        select u.tenant, u.user_id, u.device, u.conversation, u.delivered
        from unnest($1, $2, $3, $4, $5) u (tenant, user_id, device, conversation, delivered)
        order by u.tenant collate "C", u.user_id collate "C", u.device collate "C", u.conversation collate "C"
        on conflict (tenant, user_id, device, conversation) do update set delivered = excluded.delivered
        where excluded.delivered > c.delivered
        """);

    private readonly string _get = database.Sql(
        "select conversation, delivered from {schema}.device_cursors where tenant = $1 and user_id = $2 and device = $3");

    private readonly string _forget = database.Sql("""
        with gone as (
            select c.ctid from unnest($1, $2, $3) u (tenant, user_id, device)
            join {schema}.device_cursors c on c.tenant = u.tenant and c.user_id = u.user_id and c.device = u.device
            order by c.tenant, c.user_id, c.device, c.conversation
            for update of c)
        delete from {schema}.device_cursors c using gone g where c.ctid = g.ctid
        """);

    public async ValueTask AdvanceAsync(IReadOnlyList<DeviceCursor> cursors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cursors);
        var merged = new Dictionary<(DeviceId, ConversationId), long>(cursors.Count);
        foreach (var cursor in cursors)
        {
            Ids.Check(cursor.Device);
            Ids.Check(cursor.Conversation);
            Ids.SameTenant(cursor.Device.Tenant, cursor.Conversation.Tenant);
            var key = (cursor.Device, cursor.Conversation);
            merged[key] = Math.Max(merged.GetValueOrDefault(key), cursor.Delivered);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (merged.Count > 0)
        {
            (DeviceId Device, ConversationId Conversation)[] keys = [.. merged.Keys];
            long[] delivered = [.. merged.Values];
            await database.WriteAsync(
                Safety.Repeatable, _advance,
                p => p.Texts([.. keys.Select(static key => key.Device.Tenant)]).Texts([.. keys.Select(static key => key.Device.User.Value)])
                    .Texts([.. keys.Select(static key => key.Device.Value)]).Texts([.. keys.Select(static key => key.Conversation.Value)]).Longs(delivered),
                cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<DeviceCursor>> GetCursorsAsync(DeviceId device, CancellationToken cancellationToken)
    {
        Ids.Check(device);
        return database.ReadAsync<IReadOnlyList<DeviceCursor>>(
            _get,
            p => p.Text(device.Tenant).Text(device.User.Value).Text(device.Value),
            async reader =>
            {
                List<DeviceCursor> cursors = [];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    cursors.Add(new DeviceCursor(device, new ConversationId(reader.GetString(0), device.Tenant), reader.GetInt64(1)));
                }

                return cursors;
            },
            cancellationToken);
    }

    public async ValueTask ForgetAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(devices);
        DeviceId[] copy = [.. devices.Distinct()];
        foreach (var device in copy)
        {
            Ids.Check(device);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (copy.Length > 0)
        {
            await database.WriteAsync(
                Safety.Repeatable, _forget,
                p => p.Texts([.. copy.Select(static id => id.Tenant)]).Texts([.. copy.Select(static id => id.User.Value)]).Texts([.. copy.Select(static id => id.Value)]),
                cancellationToken).ConfigureAwait(false);
        }
    }
}
