namespace ChatKit;

/// <summary>A role of the message store: delivered and read marks of users. Marks only move forward. Thread-safe; throws
/// <see cref="ChatStoreException"/> when the store cannot answer.</summary>
public interface IReceiptStore
{
    /// <summary>Moves marks forward in one transaction: each mark becomes the higher of old and new, and delivered at least read.
    /// Several rows of one user and conversation in a batch are merged.</summary>
    /// <param name="marks">The new marks; 0 leaves a mark alone.</param>
    /// <param name="cancellationToken">Stops the waiting, never the batch.</param>
    /// <returns>A task that completes when they are durable.</returns>
    ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken);

    /// <summary>Reads the marks of all users of conversations.</summary>
    /// <param name="conversations">The conversations.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One list a conversation, in order; users without marks are absent.</returns>
    ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken);

    /// <summary>Reads one user's marks.</summary>
    /// <param name="user">The user.</param>
    /// <param name="conversations">The conversations.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One a conversation, in order; zeros where there is none.</returns>
    ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken);
}
