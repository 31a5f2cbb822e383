namespace ChatKit;

/// <summary>The plug that knows who is connected and on which node. Leases are per node, by the store's clock (ARCHITECTURE, rule 16):
/// when a node's lease ends, its sessions are gone. Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface ISessionRegistry
{
    /// <summary>Takes or renews a node's lease.</summary>
    /// <param name="node">The node.</param>
    /// <param name="lease">How long from now, by the store's clock: 1 second to 1 hour.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>False when the node had no live lease before: its sessions must be put again.</returns>
    ValueTask<bool> RenewNodeAsync(NodeId node, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Ends a node's lease and removes its sessions.</summary>
    /// <param name="node">The node.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that completes when it is done.</returns>
    ValueTask RemoveNodeAsync(NodeId node, CancellationToken cancellationToken);

    /// <summary>Adds sessions; one that is there is replaced.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that completes when it is done.</returns>
    ValueTask PutAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken);

    /// <summary>Removes sessions; unknown ones are ignored.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that completes when it is done.</returns>
    ValueTask RemoveAsync(IReadOnlyList<SessionRecord> sessions, CancellationToken cancellationToken);

    /// <summary>Reads the sessions of users on nodes whose lease lives.</summary>
    /// <param name="users">The users.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One list a user, in order.</returns>
    ValueTask<IReadOnlyList<IReadOnlyList<SessionRecord>>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken);
}
