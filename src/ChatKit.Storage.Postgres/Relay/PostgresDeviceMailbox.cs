using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Mailboxes of devices. Positions come from one sequence, so they keep rising after a mailbox was emptied; a lock on the
/// mailbox makes them visible in their order.</summary>
internal sealed class PostgresDeviceMailbox(PostgresDatabase database) : IDeviceMailbox
{
    private const int MaxBodyBytes = 1024 * 1024;
    private const int MaxLimit = 1_000;

    private readonly string _post = database.Sql("select {schema}.post_envelopes($1, $2, $3, $4, $5, $6, $7, $8)");
    private readonly string _remove = database.Sql("select {schema}.remove_envelopes($1, $2, $3, $4)");

    private readonly string _read = database.Sql("""
        select position, id, content_type, conversation, commit_command, body from {schema}.envelopes
        where tenant = $1 and user_id = $2 and device = $3 and position > $4
        order by position limit $5
        """);

    public async ValueTask PostAsync(IReadOnlyList<MailboxEnvelope> envelopes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(envelopes);
        foreach (var envelope in envelopes)
        {
            ArgumentNullException.ThrowIfNull(envelope, nameof(envelopes));
            ArgumentNullException.ThrowIfNull(envelope.ContentType, nameof(envelopes));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(envelope.Body.Length, MaxBodyBytes, nameof(envelopes));
            Ids.Check(envelope.Device);
            Ids.Set(envelope.Id.Value);
            if (envelope.Conversation is { } conversation)
            {
                Ids.SameTenant(envelope.Device.Tenant, conversation.Tenant);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (envelopes.Count > 0)
        {
            MailboxEnvelope[] copy = [.. envelopes.Select(static envelope => envelope with { Body = envelope.Body.ToArray() })];
            await database.WriteAsync(Safety.Repeatable, _post, p => Bind(p, copy), cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<MailboxEnvelope>> ReadAsync(DeviceId device, long after, int limit, CancellationToken cancellationToken)
    {
        Ids.CheckLimit(limit, MaxLimit);
        Ids.Check(device);
        return database.ReadAsync<IReadOnlyList<MailboxEnvelope>>(
            _read,
            p => p.Text(device.Tenant).Text(device.User.Value).Text(device.Value).Long(after).Int(limit),
            async reader =>
            {
                List<MailboxEnvelope> envelopes = [];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    envelopes.Add(Read(reader, device));
                }

                return envelopes;
            },
            cancellationToken);
    }

    public ValueTask RemoveAsync(DeviceId device, long through, CancellationToken cancellationToken)
    {
        Ids.Check(device);
        return database.WriteAsync(
            Safety.Repeatable, _remove, p => p.Text(device.Tenant).Text(device.User.Value).Text(device.Value).Long(through), cancellationToken);
    }

    private static void Bind(NpgsqlParameterCollection parameters, MailboxEnvelope[] envelopes) => parameters
        .Texts([.. envelopes.Select(static e => e.Device.Tenant)])
        .Texts([.. envelopes.Select(static e => e.Device.User.Value)])
        .Texts([.. envelopes.Select(static e => e.Device.Value)])
        .Texts([.. envelopes.Select(static e => e.Id.Value)])
        .Texts([.. envelopes.Select(static e => Texts.Encode(e.ContentType))])
        .Texts([.. envelopes.Select(static e => e.Conversation?.Value)])
        .Texts([.. envelopes.Select(static e => e.Commit?.Value)])
        .ByteArrays([.. envelopes.Select(static e => e.Body.ToArray())]);

    private static MailboxEnvelope Read(NpgsqlDataReader reader, DeviceId device) => new()
    {
        Device = device,
        Position = reader.GetInt64(0),
        Id = new CommandId(reader.GetString(1)),
        ContentType = Texts.Decode(reader.GetString(2)),
        Conversation = reader.TextOrNull(3) is { } conversation ? new ConversationId(conversation, device.Tenant) : null,
        Commit = reader.TextOrNull(4) is { } commit ? new CommandId(commit) : null,
        Body = reader.GetFieldValue<byte[]>(5),
    };
}
