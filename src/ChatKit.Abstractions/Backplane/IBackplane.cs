namespace ChatKit;

/// <summary>A small role: carries hints to every node, the sender included, so that one process and many take the same way.
/// Lossy and unordered by contract. Thread-safe.</summary>
public interface IBackplane
{
    /// <summary>Publishes hints to all subscribed nodes. Does not throw when the transport is down: it will say "interrupted".</summary>
    /// <param name="messages">The hints.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that completes when they are handed to the transport.</returns>
    ValueTask PublishAsync(IReadOnlyList<BackplaneMessage> messages, CancellationToken cancellationToken);

    /// <summary>Subscribes this node.</summary>
    /// <param name="handler">Receives hints; must return soon.</param>
    /// <param name="cancellationToken">Cancels the subscribing.</param>
    /// <returns>Dispose it to unsubscribe.</returns>
    ValueTask<IAsyncDisposable> SubscribeAsync(IBackplaneHandler handler, CancellationToken cancellationToken);
}
