namespace ChatKit;

/// <summary>A small role: when users were last active. Only user activity is kept here, never app activity (ARCHITECTURE, rule 16).
/// Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface ILastSeenStore
{
    /// <summary>Notes user activity; an older time than the one noted is ignored.</summary>
    /// <param name="rows">The users and when each was active.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that completes when it is durable.</returns>
    ValueTask TouchAsync(IReadOnlyList<LastSeenRow> rows, CancellationToken cancellationToken);

    /// <summary>Reads when users were last active.</summary>
    /// <param name="users">The users.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One a user, in order; null for never.</returns>
    ValueTask<IReadOnlyList<DateTimeOffset?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken);
}
