using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Draws feed positions before the commit: every second row shows up only after later ones were shown.</summary>
internal sealed class LateCommitStore(IMessageStore inner) : PassingMessageStore(inner)
{
    private readonly ConcurrentDictionary<long, bool> _committed = new();

    public override async ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        var page = await Inner.ReadFeedAsync(after, limit, cancellationToken);
        FeedItem[] items = [.. page.Items.Where(item => item.Position % 2 == 1 || !_committed.TryAdd(item.Position, true))];
        return new FeedPage(items, items.Length > 0 ? items[^1].Position : after);
    }
}
