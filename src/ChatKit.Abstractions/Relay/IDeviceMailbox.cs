namespace ChatKit;

/// <summary>A role of the relay queue: a small mailbox a device. Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface IDeviceMailbox
{
    /// <summary>Stores envelopes in one transaction; one whose device and id are there already is ignored.</summary>
    /// <param name="envelopes">The envelopes.</param>
    /// <param name="cancellationToken">Stops the waiting, never the batch.</param>
    /// <returns>A task that completes when they are durable.</returns>
    ValueTask PostAsync(IReadOnlyList<MailboxEnvelope> envelopes, CancellationToken cancellationToken);

    /// <summary>Reads a device's envelopes in the order of their position.</summary>
    /// <param name="device">The device.</param>
    /// <param name="after">The position to read after; 0 for the start.</param>
    /// <param name="limit">How many at most: 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The envelopes.</returns>
    ValueTask<IReadOnlyList<MailboxEnvelope>> ReadAsync(DeviceId device, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a device's envelopes up to a position.</summary>
    /// <param name="device">The device.</param>
    /// <param name="through">The last position to remove; <see cref="long.MaxValue"/> for all.</param>
    /// <param name="cancellationToken">Stops the waiting, never the batch.</param>
    /// <returns>A task that completes when they are gone.</returns>
    ValueTask RemoveAsync(DeviceId device, long through, CancellationToken cancellationToken);
}
