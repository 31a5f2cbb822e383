namespace ChatKit.InMemory;

/// <summary>Device cursors and mailboxes in memory.</summary>
internal sealed class InMemoryRelayQueue : IRelayQueue, IDeviceMailbox
{
    private const int MaxEnvelopeBytes = 1024 * 1024;
    private const int MaxLimit = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<DeviceId, Dictionary<ConversationId, long>> _cursors = [];
    private readonly Dictionary<DeviceId, Mailbox> _mailboxes = [];

    /// <summary>One counter for all mailboxes: a mailbox that was emptied never hands a position out twice.</summary>
    private long _position;

    public ValueTask AdvanceAsync(IReadOnlyList<DeviceCursor> cursors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cursors);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            foreach (var cursor in cursors)
            {
                if (!_cursors.TryGetValue(cursor.Device, out var device))
                {
                    _cursors.Add(cursor.Device, device = []);
                }

                device[cursor.Conversation] = Math.Max(device.GetValueOrDefault(cursor.Conversation), cursor.Delivered);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DeviceCursor>> GetCursorsAsync(DeviceId device, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<DeviceCursor>>(cancellationToken);
        }

        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<DeviceCursor>>(_cursors.TryGetValue(device, out var cursors)
                ? [.. cursors.Select(cursor => new DeviceCursor(device, cursor.Key, cursor.Value))]
                : []);
        }
    }

    public ValueTask ForgetAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(devices);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            foreach (var device in devices)
            {
                _cursors.Remove(device);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask PostAsync(IReadOnlyList<MailboxEnvelope> envelopes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(envelopes);
        foreach (var envelope in envelopes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(envelope.Body.Length, MaxEnvelopeBytes, nameof(envelopes));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            foreach (var envelope in envelopes)
            {
                if (!_mailboxes.TryGetValue(envelope.Device, out var mailbox))
                {
                    _mailboxes.Add(envelope.Device, mailbox = new Mailbox());
                }

                if (mailbox.Ids.Add(envelope.Id))
                {
                    mailbox.Envelopes.Add(envelope with { Body = envelope.Body.ToArray(), Position = ++_position });
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<MailboxEnvelope>> ReadAsync(DeviceId device, long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<MailboxEnvelope>>(cancellationToken);
        }

        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<MailboxEnvelope>>(_mailboxes.TryGetValue(device, out var mailbox)
                ? [.. mailbox.Envelopes.SkipWhile(envelope => envelope.Position <= after).Take(limit)]
                : []);
        }
    }

    public ValueTask RemoveAsync(DeviceId device, long through, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            if (_mailboxes.TryGetValue(device, out var mailbox))
            {
                var kept = mailbox.Envelopes.FindIndex(envelope => envelope.Position > through);
                var gone = kept < 0 ? mailbox.Envelopes.Count : kept;
                mailbox.Ids.ExceptWith(mailbox.Envelopes.Take(gone).Select(envelope => envelope.Id));
                mailbox.Envelopes.RemoveRange(0, gone);
                if (mailbox.Envelopes.Count == 0)
                {
                    _mailboxes.Remove(device);
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    private sealed class Mailbox
    {
        public List<MailboxEnvelope> Envelopes { get; } = [];

        public HashSet<CommandId> Ids { get; } = [];
    }
}
