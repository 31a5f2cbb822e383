namespace ChatKit;

/// <summary>A small role an <see cref="IMessageStore"/> may have besides: it answers a page of a user's conversations at once, where logs, marks
/// and members lie in one database. Without it the engine puts the same page together from six reads of the plugs.
/// Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface IConversationListReader
{
    /// <summary>Says whether these plugs are the ones it reads from. The engine asks once, and does not use it otherwise: a host may take
    /// marks or groups from another store.</summary>
    /// <param name="receipts">The host's marks.</param>
    /// <param name="groups">The host's group directory.</param>
    /// <returns>Whether <see cref="ReadAsync"/> says what they say.</returns>
    bool CanRead(IReceiptStore receipts, IGroupDirectory groups);

    /// <summary>Reads a page of the conversations that a user is or was a member of and that have a log: last active first; of equally active ones in the
    /// order of their ids (<see cref="IdOrder"/>).</summary>
    /// <param name="user">The user.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="limit">How many at most: 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The rows; fewer than the limit means that no more follow.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is out of its range.</exception>
    ValueTask<IReadOnlyList<ConversationListRow>> ReadAsync(
        UserId user, ConversationListPosition? after, int limit, CancellationToken cancellationToken);
}
