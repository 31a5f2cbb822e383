using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 12: the store has an incarnation that stays the same, and a clock.</summary>
    [ConformanceFact]
    public async Task The_store_says_who_it_is()
    {
        var identity = Role<IStoreIdentity>();
        var first = await identity.GetInfoAsync(Token);
        Assert.NotEmpty(first.Incarnation);
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(3);
        var second = await identity.GetInfoAsync(Token);
        Assert.Equal(first.Incarnation, second.Incarnation);
        Assert.True(second.FeedEnd > first.FeedEnd);
        NeedsVirtualClock();
        Clock.Move(TimeSpan.FromSeconds(90));
        Assert.Equal(Clock.GetUtcNow(), (await identity.GetInfoAsync(Token)).Now, TimeSpan.FromMilliseconds(1));
    }

    /// <summary>Promise: what was accepted is there after a restart: entries, states, heads, counts, and the feed.</summary>
    [ConformanceFact]
    public async Task Everything_outlives_a_restart()
    {
        var room = await OpenRoomAsync("acme");
        await room.AppendAsync(
            room.Message("one"), room.Message("two"), room.Message("three"), room.Edit(2, "one again"), room.Deletion(3), room.Commit(0), room.Add(1, Make.User()));
        var before = await SnapshotAsync(room);
        var feed = await ReadWholeFeedAsync(100);
        await ReopenAsync();
        room = room.In(Store);
        Assert.Equal(before, await SnapshotAsync(room));
        Assert.Equal(feed, await ReadWholeFeedAsync(100));
        Assert.Equal(AppendOutcome.StaleMembership, (await room.AppendAsync(room.Message("x"))).Outcome);
        Assert.Equal(AppendOutcome.StaleEpoch, (await room.AppendAsync(room.Commit(0, version: 8))).Outcome);
        Assert.Equal(AppendOutcome.TargetGone, (await room.AppendAsync(room.Edit(3, "x", version: 8))).Outcome);
        Assert.Equal(9, await room.StoreAsync(room.Edit(2, "one once more", version: 8)));
        Assert.Equal(["one once more", "", "three"], (await room.ReadMessagesAsync()).Select(Make.Text));
        var row = Assert.Single((await Store.ReadFeedAsync(feed[^1].Position, 9, Token)).Items);
        Assert.Equal((room.Id, 9L, 9L, 8L), (row.Conversation, row.From, row.To, row.MembershipVersion));
    }

    /// <summary>Rule 5: a retry after a restart gives the first result.</summary>
    [ConformanceFact]
    public async Task Keys_outlive_a_restart()
    {
        var room = await OpenRoomAsync();
        AppendRequest[] batch = [room.Message("once") with { PayloadHash = UInt128.MaxValue - 5 }, room.Message("twice")];
        var first = await room.AppendAsync(batch);
        await ReopenAsync();
        room = room.In(Store);
        Assert.Equal(first.Select(result => result with { Outcome = AppendOutcome.Duplicate }), await room.AppendAsync(batch));
        Assert.Equal(AppendOutcome.Conflict, (await room.AppendAsync(batch[0] with { PayloadHash = UInt128.MaxValue })).Outcome);
        Assert.Equal(4, await room.StoreAsync(room.Message("new")));
    }

    /// <summary>Rule 16: AcceptedAt does not go back over a restart with a clock set back.</summary>
    [ConformanceFact]
    public async Task AcceptedAt_does_not_go_back_over_a_restart()
    {
        NeedsVirtualClock();
        var room = await OpenRoomAsync();
        var before = await room.AppendAsync(room.Message("before"));
        Clock.Move(TimeSpan.FromDays(-1));
        await ReopenAsync();
        room = room.In(Store);
        Assert.Equal(before.AcceptedAt, (await room.AppendAsync(room.Message("after"))).AcceptedAt);
    }

    /// <summary>Rule 12: a restart is no restore: the incarnation stays.</summary>
    [ConformanceFact]
    public async Task The_incarnation_outlives_a_restart()
    {
        var before = await Role<IStoreIdentity>().GetInfoAsync(Token);
        await OpenRoomAsync();
        await ReopenAsync();
        var after = await Role<IStoreIdentity>().GetInfoAsync(Token);
        Assert.Equal(before.Incarnation, after.Incarnation);
        Assert.True(after.FeedEnd > before.FeedEnd);
    }

    /// <summary>Rule 2: what was trimmed stays trimmed after a restart.</summary>
    [ConformanceFact]
    public async Task Trimming_outlives_a_restart()
    {
        var retention = Role<ILogRetention>();
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(9);
        await retention.TrimAsync(room.Id, 6, Token);
        var before = await SnapshotAsync(room);
        await ReopenAsync();
        room = room.In(Store);
        Assert.Equal(before, await SnapshotAsync(room));
        Assert.Equal(11, await room.StoreAsync(room.Message("x")));
    }

    private static async Task<(LogHead Head, long Count, string Entries, string Messages)> SnapshotAsync(Room room) =>
        (await room.HeadAsync(), await room.CountAsync(0), Describe(await room.ReadAsync()), Describe(await room.ReadMessagesAsync()));

    private static string Describe(IReadOnlyList<LogEntry> entries) => string.Join('\n', entries.Select(entry =>
        $"{entry.Conversation} {entry.Seq} {entry.AcceptedAt:O} {entry.Sender} {entry.Command} {entry.Header.Kind} {entry.Header.Target} "
        + $"{entry.Header.Counts} {entry.Header.ContentType} {entry.MembershipVersion} {entry.Erased} {entry.Text()}"));
}
