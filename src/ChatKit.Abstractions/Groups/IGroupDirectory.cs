namespace ChatKit;

/// <summary>The plug that knows who is a member: an idempotent projection of the logs' membership entries (ARCHITECTURE, rule 7),
/// so it may live in another database than the messages. Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface IGroupDirectory
{
    /// <summary>Applies changes in order, each at most once, each wholly or not at all: a change applies when the directory's version is
    /// its <see cref="DirectoryChange.PreviousVersion"/>. Who is a member stays as he is when he is added again, and who is none is
    /// passed over when removed or given a role; the members of a change are taken in their order.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellationToken">Stops the waiting, never the batch.</param>
    /// <returns>One outcome a change, in order.</returns>
    ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken);

    /// <summary>Reads the present members of conversations.</summary>
    /// <param name="conversations">The conversations.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One a conversation, in order; null where nothing was applied yet.</returns>
    ValueTask<IReadOnlyList<Membership?>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken);

    /// <summary>Reads a user's intervals in conversations.</summary>
    /// <param name="user">The user.</param>
    /// <param name="conversations">The conversations.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One a conversation, in order; null where he was never a member.</returns>
    ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken);

    /// <summary>Lists the conversations a user is or was a member of, in the order of their ids (<see cref="IdOrder"/>).</summary>
    /// <param name="user">The user.</param>
    /// <param name="after">The id to read after; null for the start.</param>
    /// <param name="limit">How many at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The conversations.</returns>
    ValueTask<IReadOnlyList<UserMembership>> ListAsync(UserId user, ConversationId? after, int limit, CancellationToken cancellationToken);
}
