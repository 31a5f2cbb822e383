using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 10: an append writes one row for each conversation it stored something in, with the entries it stored.</summary>
    [ConformanceFact]
    public async Task The_feed_has_one_row_a_conversation_and_append()
    {
        var one = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        var start = await FeedEndAsync();
        await Store.AppendAsync([one.Message("a"), other.Message("a"), one.Add(1, Make.User()), one.Message("b", version: 3)], Token);
        await Store.AppendAsync([other.Message("b")], Token);
        var page = await Store.ReadFeedAsync(start, 100, Token);
        Assert.Equal(3, page.Items.Count);
        var first = Assert.Single(page.Items.Take(2), item => item.Conversation == one.Id);
        Assert.Equal((2L, 4L, 3L), (first.From, first.To, first.MembershipVersion));
        var second = Assert.Single(page.Items.Take(2), item => item.Conversation == other.Id);
        Assert.Equal((2L, 2L, 1L), (second.From, second.To, second.MembershipVersion));
        Assert.Equal((other.Id, 3L, 3L, 1L), (page.Items[2].Conversation, page.Items[2].From, page.Items[2].To, page.Items[2].MembershipVersion));
        AssertRising(page.Items, start);
        Assert.Equal(page.Items[^1].Position, page.Next);
    }

    /// <summary>Rule 10: what stored nothing is not in the feed.</summary>
    [ConformanceFact]
    public async Task Refusals_and_duplicates_write_no_feed_row()
    {
        var room = await OpenRoomAsync();
        var command = room.Message("x");
        await room.StoreAsync(command);
        var end = await FeedEndAsync();
        await room.AppendAsync(command, command.WithText("y"), room.Message("z", version: 5), room.Deletion(1), room.Commit(9));
        var page = await Store.ReadFeedAsync(end, 10, Token);
        Assert.Empty(page.Items);
        Assert.Equal(end, page.Next);
    }

    /// <summary>Rule 10: the feed is read from the start in pages; reading the same again gives the same.</summary>
    [ConformanceFact]
    public async Task The_feed_is_read_in_pages()
    {
        var rooms = new[] { await OpenRoomAsync(), await OpenRoomAsync(), await OpenRoomAsync() };
        for (var n = 0; n < 30; n++)
        {
            await rooms[n % 3].StoreAsync(rooms[n % 3].Message($"{n}"));
        }

        var all = await ReadWholeFeedAsync(10_000);
        Assert.Equal(all, await ReadWholeFeedAsync(1));
        Assert.Equal(all, await ReadWholeFeedAsync(7));
        AssertRising(all, 0);
        foreach (var room in rooms)
        {
            AssertCovers(all, room.Id, 11);
        }

        var page = await Store.ReadFeedAsync(0, 5, Token);
        Assert.Equal(5, page.Items.Count);
        Assert.Equal(page.Items[^1].Position, page.Next);
    }

    /// <summary>Rule 10: at the end there is nothing, and one reads on from there.</summary>
    [ConformanceFact]
    public async Task The_end_of_the_feed_is_where_reading_goes_on()
    {
        var room = await OpenRoomAsync();
        var end = (await ReadWholeFeedAsync(100))[^1].Position;
        var page = await Store.ReadFeedAsync(end, 10, Token);
        Assert.Empty(page.Items);
        Assert.Equal(end, page.Next);
        await room.StoreAsync(room.Message("x"));
        page = await Store.ReadFeedAsync(page.Next, 10, Token);
        Assert.Equal((room.Id, 2L, 2L), (page.Items[0].Conversation, page.Items[0].From, page.Items[0].To));
        Assert.Single(page.Items);
    }

    /// <summary>Rule 12: the store tells the end of its feed.</summary>
    [ConformanceFact]
    public async Task The_store_tells_the_feeds_end()
    {
        var identity = Role<IStoreIdentity>();
        Assert.Empty((await Store.ReadFeedAsync((await identity.GetInfoAsync(Token)).FeedEnd, 10, Token)).Items);
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(3);
        var all = await ReadWholeFeedAsync(100);
        Assert.Equal(all[^1].Position, (await identity.GetInfoAsync(Token)).FeedEnd);
    }

    /// <summary>Rule 10: a reader that follows the feed while many append is never passed by a late commit.</summary>
    [ConformanceFact]
    public async Task A_reader_of_the_feed_misses_no_late_commit()
    {
        const int Writers = 8;
        const int Appends = 20;
        var rooms = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenRoomAsync()));
        using var written = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() => FollowFeedAsync(written.Token))).ToArray();
        try
        {
            await Racing.RunAsync(Writers, async writer =>
            {
                for (var n = 0; n < Appends; n++)
                {
                    // Batches of different sizes over different conversations take differently long.
                    AppendRequest[] batch = [.. Enumerable.Range(0, 1 + ((writer * 7) % 20)).Select(k => rooms[(writer + n + k) % rooms.Length].Message("x"))];
                    await Store.AppendAsync(batch, Token);
                }

                return 0;
            });
        }
        finally
        {
            await written.CancelAsync();
        }

        var all = await ReadWholeFeedAsync(10_000);
        foreach (var followed in await Task.WhenAll(readers))
        {
            Assert.Equal(all, followed);
        }

        AssertRising(all, 0);
        foreach (var room in rooms)
        {
            AssertCovers(all, room.Id, (await room.HeadAsync()).LastSeq);
        }
    }

    private static void AssertRising(IReadOnlyList<FeedItem> items, long after)
    {
        foreach (var item in items)
        {
            Assert.True(item.Position > after, $"Position {item.Position} comes after {after}.");
            after = item.Position;
        }
    }

    /// <summary>The rows of a conversation follow each other without a gap from 1 to its last entry.</summary>
    private static void AssertCovers(IReadOnlyList<FeedItem> feed, ConversationId conversation, long lastSeq)
    {
        long covered = 0;
        foreach (var item in feed.Where(item => item.Conversation == conversation))
        {
            Assert.Equal(covered + 1, item.From);
            Assert.True(item.To >= item.From, $"The row {item} is empty.");
            covered = item.To;
        }

        Assert.Equal(lastSeq, covered);
    }

    private async Task<long> FeedEndAsync() => (await ReadWholeFeedAsync(10_000)) is { Count: > 0 } all ? all[^1].Position : 0;

    private async Task<List<FeedItem>> ReadWholeFeedAsync(int limit)
    {
        List<FeedItem> all = [];
        long after = 0;
        while (await Store.ReadFeedAsync(after, limit, Token) is { Items.Count: > 0 } page)
        {
            Assert.True(page.Items.Count <= limit, $"{page.Items.Count} rows came where {limit} were asked.");
            all.AddRange(page.Items);
            after = page.Next;
        }

        return all;
    }

    /// <summary>Reads as fast as it can until the writers are done and nothing more comes.</summary>
    private async Task<List<FeedItem>> FollowFeedAsync(CancellationToken written)
    {
        List<FeedItem> seen = [];
        long after = 0;
        while (true)
        {
            var done = written.IsCancellationRequested;
            var page = await Store.ReadFeedAsync(after, 50, Token);
            seen.AddRange(page.Items);
            after = page.Next;
            if (page.Items.Count == 0)
            {
                if (done)
                {
                    return seen;
                }

                await Task.Yield();
            }
        }
    }
}
