using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 2: trimmed entries are absent, the head says up to where, and the log goes on.</summary>
    [Fact]
    public async Task Trimmed_entries_are_absent()
    {
        var retention = Role<ILogRetention>();
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(9);
        var before = await room.HeadAsync();
        await retention.TrimAsync(room.Id, 4, Token);
        Assert.Equal(before with { TrimmedTo = 4 }, await room.HeadAsync());
        Assert.Equal(Room.Sequence(5, 10), (await room.ReadAsync()).Select(entry => entry.Seq));
        Assert.Equal(Room.Sequence(5, 10), (await room.ReadMessagesAsync()).Select(entry => entry.Seq));
        Assert.Equal([6, 5], (await room.ReadAsync(2, 6, 9, descending: true)).Select(entry => entry.Seq));
        Assert.Equal([5, 6], (await room.ReadAsync(2, limit: 2)).Select(entry => entry.Seq));
        Assert.Empty(await room.ReadAsync(1, 4));
        Assert.Equal(11, await room.StoreAsync(room.Message("on")));
    }

    /// <summary>Rule 2: the last entry is never trimmed, and trimming never goes back.</summary>
    [Fact]
    public async Task The_last_entry_is_never_trimmed()
    {
        var retention = Role<ILogRetention>();
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(4);
        await retention.TrimAsync(room.Id, long.MaxValue, Token);
        Assert.Equal((5L, 4L), await EndAsync());
        Assert.Equal([5], (await room.ReadAsync()).Select(entry => entry.Seq));
        await retention.TrimAsync(room.Id, 2, Token);
        await retention.TrimAsync(room.Id, 0, Token);
        Assert.Equal((5L, 4L), await EndAsync());
        await retention.TrimAsync(Make.Conversation(), 5, Token);
        Assert.Equal(6, await room.StoreAsync(room.Message("x")));
        await retention.TrimAsync(room.Id, 5, Token);
        Assert.Equal((6L, 5L), await EndAsync());

        async Task<(long, long)> EndAsync()
        {
            var head = await room.HeadAsync();
            return (head.LastSeq, head.TrimmedTo);
        }
    }

    /// <summary>Rule 5: keys live longer than bodies: a retry of a trimmed command is still a duplicate.</summary>
    [Fact]
    public async Task Keys_outlive_trimming()
    {
        var retention = Role<ILogRetention>();
        var room = await OpenRoomAsync();
        var command = room.Message("once");
        var first = await room.AppendAsync(command);
        await room.StoreMessagesAsync(3);
        await retention.TrimAsync(room.Id, 4, Token);
        Assert.Equal(first with { Outcome = AppendOutcome.Duplicate }, await room.AppendAsync(command));
        Assert.Equal(AppendOutcome.Conflict, (await room.AppendAsync(command.WithText("other"))).Outcome);
        Assert.Equal(AppendOutcome.StaleMembership, (await room.AppendAsync(Make.Creation(room.Id, room.Ann))).Outcome);
    }

    /// <summary>Rules 2 and 13: a trimmed message cannot be edited or deleted; a kept one keeps its state.</summary>
    [Fact]
    public async Task Trimmed_messages_are_gone_as_targets()
    {
        var retention = Role<ILogRetention>();
        var room = await OpenRoomAsync();
        await room.AppendAsync(room.Message("2"), room.Message("3"), room.Message("4"), room.Edit(2, "2 again"), room.Edit(4, "4 again"));
        await retention.TrimAsync(room.Id, 3, Token);
        Assert.Equal(AppendOutcome.TargetGone, (await room.AppendAsync(room.Edit(2, "no"))).Outcome);
        Assert.Equal(AppendOutcome.TargetGone, (await room.AppendAsync(room.Deletion(3))).Outcome);
        Assert.Equal(AppendOutcome.TargetGone, (await room.AppendAsync(Make.Request(room.Id, room.Ann, 1, EntryKind.Reaction, [1], 3))).Outcome);
        Assert.Equal([(4L, "4 again")], (await room.ReadMessagesAsync()).Select(message => (message.Seq, message.Text())));
        Assert.Equal(7, await room.StoreAsync(room.Edit(4, "4 once more")));
        await room.StoreAsync(room.Deletion(4));
        Assert.True(Assert.Single(await room.ReadMessagesAsync()).Erased);
    }

    /// <summary>Rule 3: trimmed entries count no more; the others count as before.</summary>
    [Fact]
    public async Task Trimmed_entries_do_not_count()
    {
        var retention = Role<ILogRetention>();
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(9);
        await room.AppendAsync(room.Deletion(3), room.Deletion(8));
        await retention.TrimAsync(room.Id, 5, Token);
        Assert.Equal(4, await room.CountAsync(0));
        Assert.Equal(4, await room.CountAsync(5));
        Assert.Equal(3, await room.CountAsync(6));
        Assert.Equal(0, await room.CountAsync(0, 5));
        Assert.Equal(1, await room.CountAsync(2, 6));
        await room.StoreAsync(room.Message("x"));
        Assert.Equal(5, await room.CountAsync(0));
    }

    /// <summary>A long log is trimmed whole, also while others append.</summary>
    [Fact]
    public async Task Trimming_does_not_disturb_appends()
    {
        var retention = Role<ILogRetention>();
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(1_500);
        var trimming = Task.Run(async () => await retention.TrimAsync(room.Id, 1_400, Token), Token);
        for (var n = 0; n < 20; n++)
        {
            Assert.Equal(1_502 + n, await room.StoreAsync(room.Message("x")));
        }

        await trimming;
        Assert.Equal((1_521L, 1_400L), ((await room.HeadAsync()).LastSeq, (await room.HeadAsync()).TrimmedTo));
        Assert.Equal(Room.Sequence(1_401, 1_521), (await room.ReadAsync()).Select(entry => entry.Seq));
        Assert.Equal(121, await room.CountAsync(0));
    }
}
