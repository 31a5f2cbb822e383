namespace ChatKit.Delivery;

/// <summary>Where a consumer of the feed begins.</summary>
internal static class FeedStart
{
    /// <summary>The saved position; for a new consumer the feed's end, saved at once: a host that dies before it has read anything must not make
    /// the next one begin later. Called before the host accepts anything, or what it accepts meanwhile lies before the end and is never read.</summary>
    public static async ValueTask<long> FirstAsync(
        this IFeedCheckpointStore checkpoints, string consumer, IStoreIdentity identity, CancellationToken cancellationToken)
    {
        if (await checkpoints.GetCheckpointAsync(consumer, cancellationToken).ConfigureAwait(false) is { } saved)
        {
            return saved;
        }

        var end = (await identity.GetInfoAsync(cancellationToken).ConfigureAwait(false)).FeedEnd;
        await checkpoints.SaveCheckpointAsync(consumer, end, cancellationToken).ConfigureAwait(false);
        return end;
    }
}
