using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 3: only entries flagged <em>counts</em> are counted, after the lower end and up to the upper.</summary>
    /// <param name="after">The excluded lower end; the log is: creation, message, silent message, message, commit, message.</param>
    /// <param name="to">The included upper end.</param>
    /// <param name="expected">The number.</param>
    [ConformanceTheory]
    [InlineData(0, long.MaxValue, 3)]
    [InlineData(0, 6, 3)]
    [InlineData(-7, 6, 3)]
    [InlineData(0, 1, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(2, 3, 0)]
    [InlineData(2, 4, 1)]
    [InlineData(4, 5, 0)]
    [InlineData(4, 6, 1)]
    [InlineData(5, 1_000, 1)]
    [InlineData(6, long.MaxValue, 0)]
    [InlineData(900, long.MaxValue, 0)]
    [InlineData(5, 3, 0)]
    public async Task Flagged_entries_are_counted(long after, long to, long expected)
    {
        var room = await OpenRoomAsync();
        await room.AppendAsync(room.Message("a"), room.Message("b", counts: false), room.Message("c"), room.Commit(0), room.Message("d"));
        Assert.Equal(expected, await room.CountAsync(after, to));
    }

    /// <summary>Rule 3: ranges are answered one by one, in order; an unknown conversation has nothing unread.</summary>
    [ConformanceFact]
    public async Task Counts_are_answered_in_order()
    {
        var one = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        await one.StoreMessagesAsync(5);
        await other.StoreMessagesAsync(2);
        var counts = await Store.CountAsync(
            [new LogSpan(other.Id, 0, 99), new LogSpan(Make.Conversation(), 0, 99), new LogSpan(one.Id, 0, 99), new LogSpan(one.Id, 3, 5)], Token);
        Assert.Equal([2, 0, 5, 2], counts);
        Assert.Empty(await Store.CountAsync([], Token));
    }

    /// <summary>Rule 3: a deleted message counts no more, an edited one counts once, and the deletion of a silent one changes nothing.</summary>
    [ConformanceFact]
    public async Task Deleted_messages_do_not_count()
    {
        var room = await OpenRoomAsync();
        await room.AppendAsync(room.Message("a"), room.Message("b"), room.Message("c", counts: false), room.Message("d"));
        await room.AppendAsync(room.Edit(2, "a again"), room.Edit(2, "a once more"));
        Assert.Equal(3, await room.CountAsync(0));
        await room.StoreAsync(room.Deletion(3));
        Assert.Equal(2, await room.CountAsync(0));
        Assert.Equal(1, await room.CountAsync(2));
        Assert.Equal(1, await room.CountAsync(3));
        Assert.Equal(0, await room.CountAsync(2, 3));
        await room.StoreAsync(room.Deletion(4));
        Assert.Equal(2, await room.CountAsync(0));
        await room.StoreAsync(room.Deletion(2));
        Assert.Equal(1, await room.CountAsync(0));
        Assert.Equal(1, await room.CountAsync(1));
        Assert.Equal(0, await room.CountAsync(0, 3));
        Assert.Equal(0, await room.CountAsync(5));
    }

    /// <summary>Rule 3: after many entries and deletions in any order every range counts what a walk over the log would.</summary>
    [ConformanceFact]
    public async Task Counts_agree_with_a_walk_over_the_log()
    {
        var room = await OpenRoomAsync();
        var random = new Random(20_301);
        HashSet<long> counting = [];
        List<long> alive = [];
        long last = 1;
        for (var round = 0; round < 12; round++)
        {
            List<AppendRequest> batch = [];
            for (var n = 0; n < 40; n++)
            {
                last++;
                if (alive.Count > 5 && random.Next(4) == 0)
                {
                    var target = alive[random.Next(alive.Count)];
                    batch.Add(room.Deletion(target));
                    alive.Remove(target);
                    counting.Remove(target);
                }
                else if (alive.Count > 5 && random.Next(5) == 0)
                {
                    batch.Add(room.Edit(alive[random.Next(alive.Count)], "edited"));
                }
                else
                {
                    var counts = random.Next(3) > 0;
                    batch.Add(room.Message("x", counts: counts));
                    alive.Add(last);
                    if (counts)
                    {
                        counting.Add(last);
                    }
                }
            }

            var results = await room.AppendAsync([.. batch]);
            Assert.Equal(last, results[^1].Seq);
            LogSpan[] spans = [.. Enumerable.Range(0, 30).Select(_ => new LogSpan(room.Id, random.NextInt64(last + 2), random.NextInt64(last + 2)))];
            Assert.Equal(
                spans.Select(span => (long)counting.Count(seq => seq > span.After && seq <= span.To)),
                await Store.CountAsync(spans, Token));
        }
    }
}
