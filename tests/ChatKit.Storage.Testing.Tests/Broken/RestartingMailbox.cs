namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Counts the positions of a mailbox from its present envelopes: one that was emptied begins again at 1.</summary>
internal sealed class RestartingMailbox : IDeviceMailbox
{
    private readonly Dictionary<DeviceId, List<MailboxEnvelope>> _envelopes = [];

    public ValueTask PostAsync(IReadOnlyList<MailboxEnvelope> envelopes, CancellationToken cancellationToken)
    {
        lock (_envelopes)
        {
            foreach (var envelope in envelopes)
            {
                if (!_envelopes.TryGetValue(envelope.Device, out var mailbox))
                {
                    _envelopes.Add(envelope.Device, mailbox = []);
                }

                if (!mailbox.Exists(other => other.Id == envelope.Id))
                {
                    mailbox.Add(envelope with { Body = envelope.Body.ToArray(), Position = mailbox.Count == 0 ? 1 : mailbox[^1].Position + 1 });
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<MailboxEnvelope>> ReadAsync(DeviceId device, long after, int limit, CancellationToken cancellationToken)
    {
        lock (_envelopes)
        {
            return ValueTask.FromResult<IReadOnlyList<MailboxEnvelope>>(
                [.. _envelopes.GetValueOrDefault(device, []).Where(envelope => envelope.Position > after).Take(limit)]);
        }
    }

    public ValueTask RemoveAsync(DeviceId device, long through, CancellationToken cancellationToken)
    {
        lock (_envelopes)
        {
            _envelopes.GetValueOrDefault(device, []).RemoveAll(envelope => envelope.Position <= through);
        }

        return ValueTask.CompletedTask;
    }
}
