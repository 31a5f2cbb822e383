using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>Mailboxes of devices. Positions come from one counter, so that they keep rising after a mailbox was emptied.
/// The index on <c>sent</c> (device and envelope id) finds what was posted before.</summary>
internal sealed class LiteDbDeviceMailbox(LiteDbDatabase database) : IDeviceMailbox
{
    private const int MaxBodyBytes = 1024 * 1024;

    public async ValueTask PostAsync(IReadOnlyList<MailboxEnvelope> envelopes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(envelopes);
        foreach (var envelope in envelopes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(envelope.Body.Length, MaxBodyBytes, nameof(envelopes));
            Keys.Join(Keys.Device(envelope.Device), envelope.Id.Value);
            if (envelope.Conversation is { } conversation)
            {
                Keys.SameTenant(envelope.Device.Tenant, conversation.Tenant);
            }
        }

        MailboxEnvelope[] copy = [.. envelopes];
        if (copy.Length > 0)
        {
            await database.WriteAsync(copy.Length, session => Post(session, copy), cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<MailboxEnvelope>> ReadAsync(DeviceId device, long after, int limit, CancellationToken cancellationToken)
    {
        LogReader.CheckLimit(limit, 1_000);
        var key = Keys.Device(device);
        var from = Math.Max(after, 0);
        if (from == long.MaxValue)
        {
            return ValueTask.FromResult<IReadOnlyList<MailboxEnvelope>>([]);
        }

        return database.ReadAsync<IReadOnlyList<MailboxEnvelope>>(session => [.. session.Range(
            Collections.Mailbox, Keys.Join(key, Keys.Number(from + 1)), Keys.Last(key), limit: limit).Select(row => ToEnvelope(row, device))],
            cancellationToken);
    }

    public async ValueTask RemoveAsync(DeviceId device, long through, CancellationToken cancellationToken)
    {
        var key = Keys.Device(device);
        if (through > 0)
        {
            await database.WriteAsync(1, session =>
            {
                session.Delete(Collections.Mailbox, session.Range(Collections.Mailbox, Keys.First(key), Keys.Join(key, Keys.Number(through)))
                    .Select(static row => row["_id"]).ToList());
                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool Post(WriteSession session, MailboxEnvelope[] envelopes)
    {
        foreach (var envelope in envelopes)
        {
            var key = Keys.Device(envelope.Device);
            var sent = Keys.Join(key, envelope.Id.Value);
            if (session.FindBy(Collections.Mailbox, "sent", sent) is not null)
            {
                continue;
            }

            var row = new BsonDocument
            {
                ["_id"] = Keys.Join(key, Keys.Number(session.NextMailboxPosition())),
                ["sent"] = sent,
                ["ct"] = envelope.ContentType,
                ["b"] = envelope.Body.ToArray(),
            };
            if (envelope.Conversation is { } conversation)
            {
                row["c"] = conversation.Value;
            }

            if (envelope.Commit is { } commit)
            {
                row["commit"] = commit.Value;
            }

            session.Insert(Collections.Mailbox, row);
        }

        return true;
    }

    private static MailboxEnvelope ToEnvelope(BsonDocument row, DeviceId device) => new()
    {
        Device = device,
        Id = new CommandId(Keys.Tail(row["sent"].AsString)),
        ContentType = row["ct"].AsString,
        Body = row["b"].AsBinary,
        Conversation = row.TryGetValue("c", out var conversation) ? new ConversationId(conversation.AsString, device.Tenant) : null,
        Commit = row.TryGetValue("commit", out var commit) ? new CommandId(commit.AsString) : null,
        Position = Convert.ToInt64(Keys.Tail(row["_id"].AsString), 16),
    };
}
