namespace ChatKit.FaultHost.Plants;

/// <summary>A feed that never tells of anything: a wake that was lost stays lost.</summary>
internal sealed class SilentFeedStore(IMessageStore inner) : StoreWrapper(inner)
{
    public override async ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) =>
        new([], (await Inner.ReadFeedAsync(after, limit, cancellationToken)).Next);
}
