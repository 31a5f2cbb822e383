using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Both ends of a range are included; what lies beyond the log is no fault.</summary>
    /// <param name="from">The lowest Seq wanted of a log of ten.</param>
    /// <param name="to">The highest.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="descending">The direction.</param>
    /// <param name="expected">What comes.</param>
    [Theory]
    [InlineData(1, long.MaxValue, 10_000, false, "1 2 3 4 5 6 7 8 9 10")]
    [InlineData(1, long.MaxValue, 10_000, true, "10 9 8 7 6 5 4 3 2 1")]
    [InlineData(3, 5, 10, false, "3 4 5")]
    [InlineData(3, 5, 10, true, "5 4 3")]
    [InlineData(3, 3, 1, false, "3")]
    [InlineData(3, 8, 2, false, "3 4")]
    [InlineData(3, 8, 2, true, "8 7")]
    [InlineData(1, 10, 1, true, "10")]
    [InlineData(10, 10, 5, false, "10")]
    [InlineData(0, 2, 5, false, "1 2")]
    [InlineData(-5, 1, 5, true, "1")]
    [InlineData(long.MinValue, long.MaxValue, 3, false, "1 2 3")]
    [InlineData(9, 1_000_000, 5, false, "9 10")]
    [InlineData(9, 1_000_000, 1, true, "10")]
    [InlineData(5, 4, 5, false, "")]
    [InlineData(11, long.MaxValue, 5, false, "")]
    [InlineData(11, long.MaxValue, 5, true, "")]
    [InlineData(long.MaxValue, long.MaxValue, 5, false, "")]
    public async Task A_range_is_read_with_limit_and_direction(long from, long to, int limit, bool descending, string expected)
    {
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(9);
        var entries = await room.ReadAsync(from, to, limit, descending);
        Assert.Equal(expected, string.Join(' ', entries.Select(entry => entry.Seq)));
    }

    /// <summary>Several ranges are answered one by one, in order, also of one conversation and of none.</summary>
    [Fact]
    public async Task Ranges_are_answered_in_order()
    {
        var one = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        await one.StoreMessagesAsync(4);
        await other.StoreMessagesAsync(2);
        var answers = await Store.ReadAsync(
            [
                new LogRange(other.Id, 2, 9, 9),
                new LogRange(Make.Conversation(), 1, 9, 9),
                new LogRange(one.Id, 1, 9, 2, Descending: true),
                new LogRange(one.Id, 2, 3, 9, View: LogView.Messages),
                new LogRange(one.Id, 2, 3, 9),
            ],
            Token);
        Assert.Equal(["2 3", "", "5 4", "2 3", "2 3"], answers.Select(answer => string.Join(' ', answer.Select(entry => entry.Seq))));
        Assert.Equal([other.Id, one.Id], [answers[0][0].Conversation, answers[2][0].Conversation]);
        Assert.Empty(await Store.ReadAsync([], Token));
    }

    /// <summary>Rule 13: of messages the limit counts messages, whatever lies between them, in both directions.</summary>
    [Fact]
    public async Task The_limit_counts_messages()
    {
        var room = await OpenRoomAsync();
        List<long> messages = [];
        for (var n = 0; n < 6; n++)
        {
            var seq = await room.StoreAsync(room.Message($"m{n}"));
            messages.Add(seq);
            await room.AppendAsync([.. Enumerable.Range(0, n).Select(edit => room.Edit(seq, $"m{n}.{edit}"))]);
        }

        await room.StoreAsync(room.Deletion(messages[2]));
        Assert.Equal(messages, (await room.ReadMessagesAsync()).Select(message => message.Seq));
        Assert.Equal(messages.Take(3), (await room.ReadMessagesAsync(limit: 3)).Select(message => message.Seq));
        Assert.Equal(messages.AsEnumerable().Reverse().Take(3), (await room.ReadMessagesAsync(limit: 3, descending: true)).Select(message => message.Seq));
        Assert.Equal(
            [messages[3], messages[2], messages[1]],
            (await room.ReadMessagesAsync(messages[1], messages[4] - 1, 9, descending: true)).Select(message => message.Seq));
        Assert.Equal(["m0", "m1.0", "", "m3.2", "m4.3", "m5.4"], (await room.ReadMessagesAsync()).Select(Make.Text));
    }

    /// <summary>Rule 13: pages forth and back by the Seq of their last row give every row once.</summary>
    /// <param name="view">The view.</param>
    [Theory]
    [InlineData(LogView.Entries)]
    [InlineData(LogView.Messages)]
    public async Task Pages_give_every_row_once_in_both_directions(LogView view)
    {
        var room = await OpenRoomAsync();
        for (var n = 0; n < 5; n++)
        {
            await room.StoreMessagesAsync(40);
            await room.AppendAsync(room.Edit(2 + n, "edited"), room.Commit(n));
        }

        var all = (await room.ReadAsync(view: view)).Select(entry => entry.Seq).ToArray();
        Assert.Equal(view == LogView.Entries ? 211 : 200, all.Length);
        List<long> forth = [];
        for (var page = await room.ReadAsync(limit: 7, view: view); page.Count > 0;
            page = await room.ReadAsync(page[^1].Seq + 1, limit: 7, view: view))
        {
            forth.AddRange(page.Select(entry => entry.Seq));
        }

        List<long> back = [];
        for (var page = await room.ReadAsync(limit: 7, descending: true, view: view); page.Count > 0;
            page = await room.ReadAsync(1, page[^1].Seq - 1, 7, descending: true, view))
        {
            back.AddRange(page.Select(entry => entry.Seq));
        }

        back.Reverse();
        Assert.Equal(all, forth);
        Assert.Equal(all, back);
    }

    /// <summary>Heads are answered one by one, in order; null where there is no log.</summary>
    [Fact]
    public async Task Heads_are_answered_in_order()
    {
        var one = await OpenRoomAsync();
        var other = await OpenRoomAsync();
        await one.StoreMessagesAsync(3);
        var heads = await Store.GetHeadsAsync([other.Id, Make.Conversation(), one.Id, one.Id], Token);
        Assert.Equal([1L, null, 4L, 4L], heads.Select(head => head?.LastSeq));
        Assert.Equal([other.Id, one.Id], [heads[0]!.Conversation, heads[2]!.Conversation]);
        Assert.Empty(await Store.GetHeadsAsync([], Token));
    }

    /// <summary>A head tells the last entry, the last message (deleted or not), the versions and the last activity.</summary>
    [Fact]
    public async Task A_head_tells_the_end_of_the_log()
    {
        var room = await OpenRoomAsync();
        var created = Assert.Single(await room.ReadAsync()).AcceptedAt;
        var expected = new LogHead
        {
            Conversation = room.Id,
            LastSeq = 1,
            TrimmedTo = 0,
            MembershipVersion = 1,
            Epoch = 0,
            LastMessageSeq = 0,
            LastActivityAt = created,
        };
        Assert.Equal(expected, await room.HeadAsync());

        Clock.Move(TimeSpan.FromSeconds(1));
        await room.AppendAsync(room.Add(1, Make.User()), room.Commit(0, version: 2));
        expected = expected with { LastSeq = 3, MembershipVersion = 2, Epoch = 1 };
        Assert.Equal(expected, await room.HeadAsync());

        Clock.Move(TimeSpan.FromSeconds(1));
        var message = await room.AppendAsync(room.Message("x", version: 2, counts: false));
        expected = expected with { LastSeq = 4, LastMessageSeq = 4, LastActivityAt = message.AcceptedAt };
        Assert.Equal(expected, await room.HeadAsync());

        Clock.Move(TimeSpan.FromSeconds(1));
        await room.AppendAsync(room.Edit(4, "y", version: 2), room.Deletion(4, version: 2));
        Assert.Equal(expected with { LastSeq = 6 }, await room.HeadAsync());
    }

    /// <summary>A limit out of its range is refused, whatever else is asked.</summary>
    /// <param name="limit">The limit.</param>
    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(10_001)]
    [InlineData(int.MaxValue)]
    public async Task Limits_out_of_range_are_refused(int limit)
    {
        var room = await OpenRoomAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadAsync([new LogRange(room.Id, 1, 9, limit)], Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await Store.ReadAsync([new LogRange(room.Id, 1, 9, 9), new LogRange(Make.Conversation(), 9, 1, limit)], Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadFeedAsync(0, limit, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadFeedAsync(-1, 10, Token));
    }

    /// <summary>A read that is cancelled before it begins ends as cancelled.</summary>
    [Fact]
    public async Task Cancelled_reads_end_as_cancelled()
    {
        var room = await OpenRoomAsync();
        var gone = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.ReadAsync([new LogRange(room.Id, 1, 9, 9)], gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.GetHeadsAsync([room.Id], gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.CountAsync([new LogSpan(room.Id, 0, 9)], gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.ReadFeedAsync(0, 9, gone));
    }
}
