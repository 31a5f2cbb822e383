namespace ChatKit;

/// <summary>The plug that keeps what a device has not got: a set of cursors over the logs, not copies of messages.
/// Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface IRelayQueue
{
    /// <summary>Moves device cursors forward in one transaction; a lower value is ignored. A device without a cursor in a conversation
    /// gets one, also at 0.</summary>
    /// <param name="cursors">The cursors; several of one device and conversation are merged.</param>
    /// <param name="cancellationToken">Stops the waiting, never the batch.</param>
    /// <returns>A task that completes when they are durable.</returns>
    ValueTask AdvanceAsync(IReadOnlyList<DeviceCursor> cursors, CancellationToken cancellationToken);

    /// <summary>Reads all cursors of a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The cursors, in no order.</returns>
    ValueTask<IReadOnlyList<DeviceCursor>> GetCursorsAsync(DeviceId device, CancellationToken cancellationToken);

    /// <summary>Forgets devices: their cursors are gone.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="cancellationToken">Stops the waiting, never the batch.</param>
    /// <returns>A task that completes when they are gone.</returns>
    ValueTask ForgetAsync(IReadOnlyList<DeviceId> devices, CancellationToken cancellationToken);
}
