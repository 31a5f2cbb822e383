namespace ChatKit.Storage.Testing.Messages.Model;

/// <summary>Follows the feed from where it was last left, and knows what must come (rule 10): the rows of one append together, in any order
/// among themselves, after those of the append before.</summary>
internal sealed class FeedFollower
{
    private readonly Queue<List<FeedItem>> _expected = new();
    private long _after;
    private bool _skipping;

    /// <summary>What an earlier run left unread is no concern of the next one.</summary>
    public void Forget()
    {
        _expected.Clear();
        _skipping = true;
    }

    public void Expect(IEnumerable<FeedItem> rows)
    {
        List<FeedItem> ofOneAppend = [.. rows];
        if (ofOneAppend.Count > 0)
        {
            _expected.Enqueue(ofOneAppend);
        }
    }

    public async Task ReadToEndAsync(IMessageStore store, int limit)
    {
        while (true)
        {
            var page = await store.ReadFeedAsync(_after, limit, TestContext.Current.CancellationToken);
            Assert.True(page.Items.Count <= limit, $"{page.Items.Count} rows came where {limit} were asked.");
            foreach (var item in page.Items)
            {
                Assert.True(item.Position > _after, $"Feed position {item.Position} comes after {_after}.");
                _after = item.Position;
                Take(item);
            }

            Assert.True(page.Next == _after, $"The feed's page ends at {_after} and says to read on after {page.Next}.");
            if (page.Items.Count == 0)
            {
                Assert.True(_expected.Count == 0, $"The feed lacks {(_expected.Count == 0 ? "" : string.Join(", ", _expected.Peek()))}");
                return;
            }
        }
    }

    private void Take(FeedItem item)
    {
        var row = item with { Position = 0 };
        if (_expected.TryPeek(out var next) && next.Remove(row))
        {
            _skipping = false;
            if (next.Count == 0)
            {
                _expected.Dequeue();
            }

            return;
        }

        Assert.True(_skipping, $"The feed gives {item}; the model expects {(next is null ? "nothing" : string.Join(" or ", next))}.");
    }
}
