using ChatKit.Client.Tests.Fakes;
using ChatKit.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Client.Tests;

public sealed class EchoAndCacheTests
{
    private static readonly ConversationId Group = new("g_1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_echo_becomes_the_entry_whichever_answer_comes_first(bool entryFirst)
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        var sent = await chat.Conversation(Group).SendAsync("Hi", Cancelled);
        Assert.Equal(MessageStatus.Pending, Assert.Single(chat.Conversation(Group).CachedMessages).Status);
        var command = await server.NextAsync(CommandTags.Send);
        EventFrame[] answers = [Say.Accepted(command, Group.Value, 9), Say.Message(Group.Value, 9, "ann", "Hi", command.Id)];
        await server.PushAsync(entryFirst ? [answers[1], answers[0]] : answers);
        await server.PushAsync(Say.Message(Group.Value, 10, "ann", "from my other device", "x"));

        var other = await events.NextAsync<MessageReceived>();
        Assert.Equal(10, other.Message.Seq);
        var pending = Assert.Single(events.Seen.OfType<MessagePending>());
        var accepted = Assert.Single(events.Seen.OfType<MessageAccepted>());
        Assert.Equal(sent.Command, pending.Message.Command);
        Assert.Equal((sent.Command, 9, "ann"), (accepted.Message.Command!.Value, accepted.Message.Seq, accepted.Message.From!.Value.Value));
        Assert.Equal(9, (await sent.Accepted.WaitAsync(FakeServer.Patience, Cancelled)).Seq);
        Assert.Equal([9, 10], chat.Conversation(Group).CachedMessages.Select(m => m.Seq));
    }

    [Fact]
    public async Task Bytes_come_back_as_bytes()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await chat.Conversation(Group).SendAsync(new byte[] { 1, 2, 255 }, "application/octet-stream", Cancelled);
        var command = await server.NextAsync(CommandTags.Send);
        Assert.Equal((null, "AQL/", "application/octet-stream"), (command.Text, command.Data, command.ContentType));
        var entry = Say.Message("g_2", 1) with { };
        await server.PushAsync(entry with { Entry = entry.Entry! with { Text = null, Data = "AQL/", ContentType = "image/png" } });
        var message = (await events.NextAsync<MessageReceived>()).Message;
        Assert.Equal([1, 2, 255], message.Data.ToArray());
        Assert.Equal("image/png", message.ContentType);
    }

    [Fact]
    public async Task Rule_13_the_cache_shows_edits_and_deletions_and_keeps_the_newest()
    {
        await using var server = await FakeServer.StartAsync();
        var o = server.Options();
        await using var chat = new ChatClient(new ChatClientOptions { Server = o.Server, DeviceId = o.DeviceId, CachedMessages = 2 });
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.PushAsync(
            Say.Message("g_1", 1, text: "one"), Say.Message("g_1", 2, text: "two"), Say.Message("g_1", 3, text: "three"),
            Say.Entry("g_1", 4, "edit", target: 3, text: "drei"), Say.Entry("g_1", 5, "deletion", target: 2), Say.Entry("g_1", 6, "edit", target: 1, text: "eins"));

        var edited = await events.NextAsync<MessageEdited>();
        Assert.Equal(("drei", 3, 4, true), (edited.Message!.Text, edited.Change.Seq, edited.Message.Version, edited.Message.IsEdited));
        Assert.Equal(2, (await events.NextAsync<MessageDeleted>()).Seq);
        var old = await events.NextAsync<MessageEdited>();
        Assert.Equal(("eins", null), (old.Change.Text, old.Message));
        var cached = chat.Conversation(Group).CachedMessages;
        Assert.Equal([(2, null, true), (3, "drei", false)], cached.Select(m => (m.Seq, m.Text, m.IsDeleted)));
    }

    [Fact]
    public async Task Rule_3_unread_follows_what_comes_own_sends_and_the_servers_word()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        var change = new WireMembershipChange("created", ["ann", "bob"], "group", "Team");
        await server.PushAsync(
            Say.Entry("g_1", 1, "membership", change: change), Say.Message("g_1", 2), Say.Message("g_1", 3), Say.Entry("g_1", 4, "deletion", target: 2),
            Say.Message("g_1", 5, "ann", id: "elsewhere"),
            new EventFrame { T = EventTags.Unread, Conversation = "g_1", Seq = 5, Unread = 7 });

        var created = await events.NextAsync<MembershipUpdated>();
        Assert.Equal((MembershipAction.Created, ConversationKind.Group, "Team"), (created.Action, created.Kind, created.Title));
        Assert.Equal([1, 2, 1, 0, 7], (await events.NextAsync<UnreadUpdated>(5)).Select(u => u.Unread));
        Assert.Equal(7, chat.Conversation(Group).CachedUnread);
    }

    [Fact]
    public async Task Receipts_presence_and_typing_that_ends_by_itself()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await FakeServer.StartAsync();
        server.Welcome = _ => FakeServer.Welcomed() with { Now = time.GetUtcNow() + TimeSpan.FromHours(1) }; // clocks differ
        await using var chat = new ChatClient(server.Options(time));
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.PushAsync(
            new EventFrame { T = EventTags.Receipts, Conversation = "g_1", Receipts = [new WireReceipt("bob", 7, 5)] },
            new EventFrame { T = EventTags.Receipts, Conversation = "g_1", Receipts = [new WireReceipt("bob", 6, 6)] },
            new EventFrame { T = EventTags.Presence, Presence = [new WirePresence("bob", "away", Say.At)] },
            new EventFrame { T = EventTags.Typing, Conversation = "g_1", User = "bob", Until = time.GetUtcNow() + TimeSpan.FromHours(1) + TimeSpan.FromSeconds(6) });

        Assert.Equal([new Receipt(Group, new UserId("bob"), 7, 5)], (await events.NextAsync<ReceiptsUpdated>()).Receipts);
        Assert.Equal([new Presence(new UserId("bob"), PresenceState.Away, Say.At)], (await events.NextAsync<PresenceUpdated>()).Presence);
        Assert.True((await events.NextAsync<TypingUpdated>()).IsTyping);
        Assert.Equal([new Receipt(Group, new UserId("bob"), 7, 6)], chat.Conversation(Group).CachedReceipts);
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.False((await events.NextAsync<TypingUpdated>()).IsTyping);
    }
}
