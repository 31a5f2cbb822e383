namespace ChatKit.Client;

/// <summary>Where a client keeps what must survive the app: the outbox, how far the device has got, the newest messages. Keys and values are the
/// client's own business; a store keeps them. <see cref="FileClientStore"/> is the one in the box; docs/client.md says what one has to promise.</summary>
/// <remarks>One store belongs to one signed-in user on one device, and to one <see cref="ChatClient"/> at a time. Calls come from any thread and may overlap.</remarks>
public interface IClientStore
{
    /// <summary>Reads all records there are, in any order. Called once a client, before any change.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The records; none has the value null.</returns>
    /// <exception cref="ClientStoreException">The store cannot be read, or is damaged: a store never leaves out silently what it has kept.</exception>
    ValueTask<IReadOnlyList<ClientRecord>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Sets and removes records: all of the changes or none. When it returns they are durable: they survive the kill of the process and,
    /// as far as the device can promise it, a power cut. The client sends a command, and tells the server that entries are delivered, only then.</summary>
    /// <param name="changes">The changes; of two with the same key the later one counts. Calls take effect in the order in which they were made.</param>
    /// <param name="cancellationToken">Stops the waiting; the changes may be kept all the same.</param>
    /// <returns>A task that completes when the changes are durable.</returns>
    /// <exception cref="ClientStoreException">They could not be kept (no space, for example). The client tries again, or tells its caller.</exception>
    ValueTask WriteAsync(IReadOnlyList<ClientRecord> changes, CancellationToken cancellationToken);
}
