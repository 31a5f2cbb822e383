namespace ChatKit;

/// <summary>The plug that keeps the logs: entries, heads, idempotency keys and the feed. All methods are thread-safe, take ids of any
/// number of tenants, and throw <see cref="ChatStoreException"/> (never a driver's exception) when the store cannot answer. A limit out of
/// its range is an <see cref="ArgumentOutOfRangeException"/>, thrown before the store is asked; so with every plug.
/// The conformance suite in ChatKit.Storage.Testing is the definition.</summary>
public interface IMessageStore
{
    /// <summary>Appends a batch in one transaction (ARCHITECTURE, rules 1, 4, 5, 7, 10, 13, 18). Items are judged in order, each seeing those
    /// before it, and by this order of checks: idempotency key, membership version, epoch, target. So a retry learns its first result
    /// whatever changed since, and an item with membership version -1 only asks whether its key is known.
    /// A refused or duplicate item takes no <c>Seq</c> and fails no neighbour. <c>Seq</c> is assigned in the
    /// transaction, dense from 1 in each conversation. The target of an edit, deletion, reaction or pin is a message that is neither
    /// erased nor trimmed. An edit or deletion changes its target's state in the same transaction;
    /// a deletion erases the target's body and assets and those of its edits; its reactions and pins stay in the log. A membership entry makes its <c>Seq</c> the membership version.
    /// One feed row is written for each conversation appended to.</summary>
    /// <param name="batch">The items, at most 1,000; each sender of his conversation's tenant.</param>
    /// <param name="cancellationToken">Stops the waiting, never the batch: once handed to the store it is stored or not as if nobody had cancelled.</param>
    /// <returns>One result an item, in order; when the task completes the batch is durable.</returns>
    /// <exception cref="ArgumentException">The batch is longer, or mixes tenants in an item; nothing was stored.</exception>
    /// <exception cref="ChatStoreException">The outcome is unclear or the store is down; the same batch may be sent again.</exception>
    ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken);

    /// <summary>Reads ranges of logs.</summary>
    /// <param name="ranges">The ranges.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One list a range, in order; empty for an unknown conversation. Trimmed entries are absent.</returns>
    ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken);

    /// <summary>Reads the heads of logs.</summary>
    /// <param name="conversations">The conversations.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One a conversation, in order; null where there is no such log.</returns>
    ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken);

    /// <summary>Counts the entries flagged <em>counts</em>, neither erased nor trimmed, in ranges (after, to], without reading the log:
    /// from running ordinals (ARCHITECTURE, rule 3). The cost may grow with the deletions in the range, not with its messages.</summary>
    /// <param name="ranges">The ranges: <see cref="LogSpan.After"/> excluded, <see cref="LogSpan.To"/> included.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>One number a range, in order.</returns>
    ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken);

    /// <summary>Reads the feed of all conversations. The order is stable, and a row that appears later has a later position than
    /// every row that any reader was shown before (a late commit is never skipped).</summary>
    /// <param name="after">The position to read after: 0 (the start) or more.</param>
    /// <param name="limit">How many rows at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> or <paramref name="limit"/> is out of its range.</exception>
    ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken);
}
