namespace ChatKit.Samples.Sqlite;

/// <summary>Mailboxes of devices.</summary>
internal sealed class SqliteDeviceMailbox(SqliteDatabase database) : IDeviceMailbox
{
    private const int MaxBodyBytes = 1024 * 1024;
    private const int MaxLimit = 1_000;

    public async ValueTask PostAsync(IReadOnlyList<MailboxEnvelope> envelopes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(envelopes);
        MailboxEnvelope[] items = [.. envelopes];
        foreach (var envelope in items)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(envelope.Body.Length, MaxBodyBytes, nameof(envelopes));
        }

        await database.WriteAsync(
            session =>
            {
                foreach (var envelope in items)
                {
                    session.Execute(
                        """
                        INSERT INTO mailbox (tenant, user, device, id, content_type, body, conversation, command)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
                        """,
                        envelope.Device.Tenant, envelope.Device.User.Value, envelope.Device.Value, envelope.Id.Value, envelope.ContentType,
                        envelope.Body.ToArray(), envelope.Conversation?.Value, envelope.Commit?.Value);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<MailboxEnvelope>> ReadAsync(DeviceId device, long after, int limit, CancellationToken cancellationToken)
    {
        Rows.CheckLimit(limit, MaxLimit);
        return database.ReadAsync<IReadOnlyList<MailboxEnvelope>>(
            session => session.All(
                """
                SELECT position, id, content_type, body, conversation, command FROM mailbox
                WHERE tenant = $1 AND user = $2 AND device = $3 AND position > $4 ORDER BY position LIMIT $5
                """,
                row => new MailboxEnvelope
                {
                    Device = device,
                    Position = row.GetInt64(0),
                    Id = new CommandId(row.GetString(1)),
                    ContentType = row.GetString(2),
                    Body = row.GetFieldValue<byte[]>(3),
                    Conversation = row.GetText(4) is { } conversation ? new ConversationId(conversation, device.Tenant) : null,
                    Commit = row.GetText(5) is { } commit ? new CommandId(commit) : null,
                },
                device.Tenant, device.User.Value, device.Value, after, limit),
            cancellationToken);
    }

    public async ValueTask RemoveAsync(DeviceId device, long through, CancellationToken cancellationToken) => await database.WriteAsync(
        session => session.Execute(
            "DELETE FROM mailbox WHERE tenant = $1 AND user = $2 AND device = $3 AND position <= $4", device.Tenant, device.User.Value, device.Value, through),
        cancellationToken).ConfigureAwait(false);
}
