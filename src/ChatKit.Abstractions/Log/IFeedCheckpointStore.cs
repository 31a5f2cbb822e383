namespace ChatKit;

/// <summary>A role beside <see cref="IMessageStore"/>: how far each consumer of the feed has come. Thread-safe.</summary>
public interface IFeedCheckpointStore
{
    /// <summary>Reads a consumer's position.</summary>
    /// <param name="consumer">The consumer's name, 1 to 128 bytes.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The position, or null when it never saved one.</returns>
    ValueTask<long?> GetCheckpointAsync(string consumer, CancellationToken cancellationToken);

    /// <summary>Saves a consumer's position. An older one is ignored.</summary>
    /// <param name="consumer">The consumer's name.</param>
    /// <param name="position">The position up to which all was handled: 0 or more.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when it is saved.</returns>
    ValueTask SaveCheckpointAsync(string consumer, long position, CancellationToken cancellationToken);
}
