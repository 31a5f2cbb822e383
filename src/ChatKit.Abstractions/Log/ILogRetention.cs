namespace ChatKit;

/// <summary>A role beside <see cref="IMessageStore"/>: removes old entries. Thread-safe.</summary>
public interface ILogRetention
{
    /// <summary>Removes entries up to a position. Readers see them as skipped; idempotency keys stay (ARCHITECTURE, rules 2 and 5).</summary>
    /// <param name="conversation">The conversation; unknown ones are left alone.</param>
    /// <param name="through">The last <c>Seq</c> to remove; the head's last entry is never removed.</param>
    /// <param name="cancellationToken">Cancels between chunks.</param>
    /// <returns>A task that completes when the entries are gone.</returns>
    ValueTask TrimAsync(ConversationId conversation, long through, CancellationToken cancellationToken);
}
