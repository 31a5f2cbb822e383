namespace ChatKit;

/// <summary>A role of the message store: latest-value rows private to a user (ARCHITECTURE, rule 1). Thread-safe; throws
/// <see cref="ChatStoreException"/> when the store cannot answer.</summary>
public interface IUserStateStore
{
    /// <summary>Writes rows in one transaction.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Stops the waiting, never the batch.</param>
    /// <returns>The version each row got, in order: rising for each user.</returns>
    ValueTask<IReadOnlyList<long>> PutAsync(IReadOnlyList<UserStateRow> rows, CancellationToken cancellationToken);

    /// <summary>Reads rows by key.</summary>
    /// <param name="user">The user.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One a key, in order; null where never written.</returns>
    ValueTask<IReadOnlyList<UserStateRow?>> GetAsync(UserId user, IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Reads the rows written after a version, in the order of their version.</summary>
    /// <param name="user">The user.</param>
    /// <param name="after">The version to read after; 0 for all.</param>
    /// <param name="limit">How many rows at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The rows.</returns>
    ValueTask<IReadOnlyList<UserStateRow>> ReadChangesAsync(UserId user, long after, int limit, CancellationToken cancellationToken);
}
