using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>What could go wrong in this adapter only: LiteDB's default collation, positions and ordinals over restarts.</summary>
public sealed class PeculiarityTests : IDisposable
{
    private static readonly string[] Alike = ["abc", "Abc", "ABC", "äbc", "a\u0308bc", "abc ", "ab-c"];
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Rule 17 and the ids' docs: compared ordinally. LiteDB's default compares by culture, ignoring case.</summary>
    [Fact]
    public async Task Ids_that_differ_by_case_or_accent_are_different_everywhere()
    {
        using var store = new OpenStore(_folder.Database);
        var at = DateTimeOffset.UnixEpoch;
        for (var n = 0; n < Alike.Length; n++)
        {
            var (user, conversation) = (new UserId(Alike[n], Alike[^(n + 1)]), new ConversationId(Alike[n], Alike[^(n + 1)]));
            await store.Get<ILastSeenStore>().TouchAsync([new LastSeenRow(user, at.AddDays(n))], Token);
            Assert.Equal(DeviceState.Registered, await store.Get<IDeviceDirectory>().TouchAsync(new DeviceId(user, "d"), at, Token));
            await store.Get<IReceiptStore>().AdvanceAsync([new Receipt(conversation, user, n + 1, 0)], Token);
            Assert.Equal([1], await store.Get<IUserStateStore>().PutAsync([new UserStateRow(user, Alike[n], new byte[n])], Token));
            await store.Get<IAssetStore>().WriteAsync(new AssetId(Alike[n]), "x/y", new MemoryStream(new byte[n]), 100, Token);
            await store.Get<IGroupDirectory>().ApplyAsync([new DirectoryChange(conversation, 1, 0, new MembershipChange
            {
                Action = MembershipAction.Created, Members = [new MemberChange(Alike[n])], Title = Alike[n],
            })], Token);
        }

        for (var n = 0; n < Alike.Length; n++)
        {
            var (user, conversation) = (new UserId(Alike[n], Alike[^(n + 1)]), new ConversationId(Alike[n], Alike[^(n + 1)]));
            Assert.Equal([at.AddDays(n)], await store.Get<ILastSeenStore>().GetAsync([user], Token));
            Assert.Equal([new Receipt(conversation, user, n + 1, 0)], (await store.Get<IReceiptStore>().GetAsync([conversation], Token))[0]);
            Assert.Equal(n, Assert.Single(await store.Get<IUserStateStore>().ReadChangesAsync(user, 0, 9, Token)).Value.Length);
            Assert.Equal(n, (await store.Get<IAssetStore>().GetInfoAsync(new AssetId(Alike[n]), Token))!.Length);
            Assert.Equal(Alike[n], (await store.Get<IGroupDirectory>().GetAsync([conversation], Token))[0]!.Title);
            Assert.Equal(conversation, Assert.Single(await store.Get<IGroupDirectory>().ListAsync(user, null, 9, Token)).Conversation);
        }
    }

    /// <summary>Members and conversations come in ordinal order.</summary>
    [Fact]
    public async Task Members_and_conversations_come_in_ordinal_order()
    {
        using var store = new OpenStore(_folder.Database);
        var groups = store.Get<IGroupDirectory>();
        await groups.ApplyAsync([.. Alike.Select(name => new DirectoryChange(new ConversationId(name), 1, 0, new MembershipChange
        {
            Action = MembershipAction.Created, Members = [.. Alike.Select(user => new MemberChange(user))],
        }))], Token);
        var expected = Alike.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, (await groups.GetAsync([new ConversationId("abc")], Token))[0]!.Members.Select(member => member.User.Value));
        var listed = new List<string>();
        ConversationId? after = null;
        while (await groups.ListAsync(new UserId("Abc"), after, 2, Token) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(membership => membership.Conversation.Value));
            after = page[^1].Conversation;
        }

        Assert.Equal(expected, listed);
    }

    /// <summary>Rule 3: running ordinals go on after a restart, with deletions and trimming before it.</summary>
    [Fact]
    public async Task Ordinals_go_on_after_a_restart()
    {
        using (var store = new OpenStore(_folder.Database))
        {
            var chat = await Chat.CreateAsync(store.Messages);
            for (var n = 0; n < 20; n++)
            {
                await chat.SendAsync();
            }

            await chat.SendAsync(chat.Request(EntryKind.Deletion, target: 3));
            await chat.SendAsync(chat.Request(EntryKind.Deletion, target: 15));
            await store.Get<ILogRetention>().TrimAsync(chat.Id, 6, Token);
            Assert.Equal(14, await chat.CountAsync());
        }

        using var again = new OpenStore(_folder.Database);
        var reopened = new Chat(again.Messages, new ConversationId("g_room"), Chat.Ann);
        Assert.Equal(14, await reopened.CountAsync());
        await reopened.SendAsync();
        await reopened.SendAsync(reopened.Request(EntryKind.Deletion, target: 20));
        Assert.Equal(14, await reopened.CountAsync());
        Assert.Equal([2L], await again.Messages.CountAsync([new LogSpan(reopened.Id, 20, long.MaxValue)], Token));
    }

    /// <summary>Rule 14: a position of a mailbox that was emptied does not come again, also after a restart.</summary>
    [Fact]
    public async Task Positions_of_an_emptied_mailbox_keep_rising()
    {
        var device = new DeviceId(Chat.Ann, "phone");
        long last;
        using (var store = new OpenStore(_folder.Database))
        {
            var mailbox = store.Get<IDeviceMailbox>();
            await mailbox.PostAsync([Envelope("a"), Envelope("b"), Envelope("a")], Token);
            var envelopes = await mailbox.ReadAsync(device, 0, 10, Token);
            Assert.Equal(["a", "b"], envelopes.Select(envelope => envelope.Id.Value));
            last = envelopes[^1].Position;
            await mailbox.RemoveAsync(device, long.MaxValue, Token);
            Assert.Empty(await mailbox.ReadAsync(device, 0, 10, Token));
        }

        using var again = new OpenStore(_folder.Database);
        await again.Get<IDeviceMailbox>().PostAsync([Envelope("c")], Token);
        Assert.True(Assert.Single(await again.Get<IDeviceMailbox>().ReadAsync(device, last, 10, Token)).Position > last);

        MailboxEnvelope Envelope(string id) => new()
        {
            Device = device,
            Id = new CommandId(id),
            ContentType = "x/y",
            Body = new byte[] { 1 },
        };
    }

    /// <summary>A long read passes the gate in pieces; nothing is lost or doubled at their seams.</summary>
    [Theory]
    [InlineData(false, 1_300)]
    [InlineData(true, 1_300)]
    [InlineData(false, 128)]
    [InlineData(true, 129)]
    public async Task Long_reads_have_no_seams(bool descending, int limit)
    {
        using var store = new OpenStore(_folder.Database);
        var chat = await Chat.CreateAsync(store.Messages);
        await store.Messages.AppendAsync([.. Enumerable.Range(0, 999).Select(_ => chat.Request())], Token);
        await store.Messages.AppendAsync([.. Enumerable.Range(0, 5).Select(_ => chat.Request(size: 600_000))], Token);
        var range = new LogRange(chat.Id, 1, long.MaxValue, limit, descending);
        var expected = Enumerable.Range(1, 1_005).Select(n => (long)n);
        expected = (descending ? expected.Reverse() : expected).Take(limit).ToList();
        var results = await store.Messages.ReadAsync([range, range with { View = LogView.Messages }], Token);
        Assert.Equal(expected, results[0].Select(entry => entry.Seq));
        Assert.Equal((descending ? Enumerable.Range(2, 1_004).Reverse() : Enumerable.Range(2, 1_004)).Take(limit).Select(n => (long)n),
            results[1].Select(entry => entry.Seq));
    }

    /// <summary>Rule 16: leases end by the clock; sessions of a node without one are not seen and must be put again.</summary>
    [Fact]
    public async Task Sessions_end_with_the_lease_of_their_node()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var store = new OpenStore(_folder.Database, time);
        var (registry, node) = (store.Get<ISessionRegistry>(), new NodeId("n1"));
        var session = new SessionRecord(new SessionId("s"), new DeviceId(Chat.Ann, "d"), node, time.GetUtcNow());
        Assert.False(await registry.RenewNodeAsync(node, TimeSpan.FromSeconds(30), Token));
        await registry.PutAsync([session], Token);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(await registry.RenewNodeAsync(node, TimeSpan.FromSeconds(30), Token));
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal([session], (await registry.GetAsync([Chat.Ann], Token))[0]);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty((await registry.GetAsync([Chat.Ann], Token))[0]);
        Assert.False(await registry.RenewNodeAsync(node, TimeSpan.FromSeconds(30), Token));
        Assert.Empty((await registry.GetAsync([Chat.Ann], Token))[0]);
    }

    public void Dispose() => _folder.Dispose();
}
