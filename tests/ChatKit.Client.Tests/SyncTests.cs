using ChatKit.Client.Tests.Fakes;
using ChatKit.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Client.Tests;

public sealed class SyncTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rule_8_entries_that_come_again_are_dropped_and_acknowledged_again()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.PushAsync(Say.Message("g_1", 5), Say.Message("g_1", 6));
        await events.NextAsync<MessageReceived>(2);
        Assert.Equal([new WireCursor("g_1", 6)], (await server.NextAsync(CommandTags.Ack)).Cursors!);
        server.Cut();
        await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Reconnecting);
        await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Connected);

        await server.PushAsync(Say.Message("g_1", 5), Say.Message("g_1", 6));
        Assert.Equal([new WireCursor("g_1", 6)], (await server.NextAsync(CommandTags.Ack)).Cursors!);
        await server.PushAsync(Say.Message("g_1", 7));
        await events.NextAsync<MessageReceived>();
        Assert.Equal([5, 6, 7], events.Seen.OfType<MessageReceived>().Select(m => m.Message.Seq));
    }

    [Fact]
    public async Task Resuming_restates_the_positions_those_moved_last_first_with_the_incarnation()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        Assert.Null((await server.HelloAsync()).Cursors);
        await server.PushAsync(Say.Message("g_1", 5), Say.Message("g_2", 1), Say.Skip("g_3", 4, 9), Say.Message("g_1", 6));
        await events.NextAsync<MessageReceived>(3);
        server.Cut();

        var hello = await server.HelloAsync();
        Assert.Equal("i1", hello.Incarnation);
        Assert.Equal([new WireCursor("g_1", 6), new WireCursor("g_3", 9), new WireCursor("g_2", 1)], hello.Cursors!);
    }

    [Fact]
    public async Task Rule_9_acknowledgements_are_one_vector_after_100_ms()
    {
        var time = new FakeTimeProvider();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.PushAsync(Say.Message("g_1", 5), Say.Message("g_1", 6), Say.Message("g_2", 1));
        await server.PushAsync(Say.Skip("g_2", 2, 4));
        await events.NextAsync<EntriesSkipped>();
        await chat.Conversation(new ConversationId("g_1")).SendAsync("marker", Cancelled);
        await server.NextAsync(CommandTags.Send);
        var calls = server.Calls;
        time.Advance(TimeSpan.FromMilliseconds(49));
        await chat.Conversation(new ConversationId("g_1")).SendAsync("marker", Cancelled);
        await server.NextAsync(CommandTags.Send);
        Assert.Equal(calls + 1, server.Calls); // only the marker

        // Nothing goes along with what is no command of the outbox.
        time.Advance(TimeSpan.FromMilliseconds(50));
        chat.Conversation(new ConversationId("g_1")).ReportTyping();
        await server.NextAsync(CommandTags.Typing);
        Assert.Equal(calls + 2, server.Calls);

        time.Advance(TimeSpan.FromMilliseconds(1));
        var ack = await server.NextAsync(CommandTags.Ack);
        Assert.Equal([("g_1", 6), ("g_2", 4)], ack.Cursors!.Select(c => (c.Conversation, c.Seq)).Order());
    }

    [Fact]
    public async Task Rule_9_acknowledgements_come_after_64_entries_without_waiting()
    {
        var time = new FakeTimeProvider();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        await chat.StartAsync(Cancelled);
        await server.PushAsync([.. Enumerable.Range(1, 150).Select(i => Say.Message("g_1", i))]);

        Assert.Equal([64, 128], (await server.NextAsync(CommandTags.Ack, 2)).Select(a => a.Cursors!.Single().Seq));
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(150, (await server.NextAsync(CommandTags.Ack)).Cursors!.Single().Seq);
    }

    [Fact]
    public async Task Rule_9_acknowledgements_that_waited_for_half_their_time_go_with_a_command()
    {
        var time = new FakeTimeProvider();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.PushAsync(Say.Message("g_1", 5));
        await events.NextAsync<MessageReceived>();
        time.Advance(TimeSpan.FromMilliseconds(50));
        await chat.Conversation(new ConversationId("g_1")).SendAsync("Hello", Cancelled);
        Assert.Equal(5, (await server.NextAsync(CommandTags.Ack)).Cursors!.Single().Seq);

        // It is not said again.
        await server.PushAsync(Say.Message("g_1", 6));
        await events.NextAsync<MessageReceived>();
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(6, (await server.NextAsync(CommandTags.Ack)).Cursors!.Single().Seq);
    }

    [Fact]
    public async Task Rule_9_acknowledgements_of_half_as_many_entries_go_with_a_command()
    {
        var time = new FakeTimeProvider();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.PushAsync([.. Enumerable.Range(1, 32).Select(i => Say.Message("g_1", i))]);
        await events.NextAsync<MessageReceived>(32);
        await chat.Conversation(new ConversationId("g_1")).SendAsync("Hello", Cancelled);
        Assert.Equal(32, (await server.NextAsync(CommandTags.Ack)).Cursors!.Single().Seq);
    }

    [Fact]
    public async Task Stopping_acknowledges_what_came()
    {
        var time = new FakeTimeProvider();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.PushAsync(Say.Message("g_1", 5));
        await events.NextAsync<MessageReceived>();
        await chat.StopAsync(Cancelled);
        Assert.Equal(ChatConnectionState.Stopped, chat.State);
        Assert.Equal(5, (await server.NextAsync(CommandTags.Ack)).Cursors!.Single().Seq);
    }

    [Fact]
    public async Task Rule_2_a_gap_is_an_error_of_the_server_and_everything_after_it_comes_on_a_new_connection()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.HelloAsync();
        await server.PushAsync(Say.Message("g_1", 5), Say.Skip("g_1", 6, 7), Say.Message("g_1", 8), Say.Message("g_1", 10), Say.Message("g_1", 11));

        Assert.Equal([new WireCursor("g_1", 8)], (await server.HelloAsync()).Cursors!);
        await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Reconnecting);
        await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Connected);
        await server.PushAsync(Say.Message("g_1", 9), Say.Message("g_1", 10));
        await events.NextAsync<MessageReceived>(m => m.Message.Seq == 10);
        Assert.Equal([5, 8, 9, 10], events.Seen.OfType<MessageReceived>().Select(m => m.Message.Seq));
    }

    [Fact]
    public async Task A_gap_that_comes_again_is_left_by_starting_anew()
    {
        await using var server = await FakeServer.StartAsync();
        server.Welcome = h => FakeServer.Welcomed(reset: h.Incarnation is not null and not "i1");
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.HelloAsync();
        await server.PushAsync(Say.Message("g_1", 5), Say.Message("g_1", 90));
        Assert.Equal(("i1", 5), (await server.HelloAsync()) is { Cursors: [var c], Incarnation: var i } ? (i, c.Seq) : default);
        await server.PushAsync(Say.Message("g_1", 91));
        var anew = await server.HelloAsync();
        Assert.NotEqual("i1", anew.Incarnation);
        Assert.Null(anew.Cursors);
        await events.NextAsync<ResyncRequired>();
        await server.PushAsync(Say.Message("g_1", 92));
        await events.NextAsync<MessageReceived>(m => m.Message.Seq == 92);
        server.Cut();
        Assert.Equal("i1", (await server.HelloAsync()).Incarnation);
    }

    [Fact]
    public async Task A_reset_drops_positions_and_cache_and_says_so()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.HelloAsync();
        await server.PushAsync(Say.Message("g_1", 500));
        await events.NextAsync<MessageReceived>();
        server.Welcome = h => FakeServer.Welcomed(reset: h.Incarnation == "i1", incarnation: "i2");
        server.Cut();
        await events.NextAsync<ResyncRequired>();

        Assert.Empty(chat.Conversation(new ConversationId("g_1")).CachedMessages);
        await server.HelloAsync();
        await server.PushAsync(Say.Message("g_1", 3)); // the restored store is behind: 3 is news, not a duplicate
        Assert.Equal(3, (await events.NextAsync<MessageReceived>()).Message.Seq);
        server.Cut();
        var hello = await server.HelloAsync();
        Assert.Equal(("i2", 3), (hello.Incarnation, hello.Cursors!.Single().Seq));
    }

    [Fact]
    public async Task Unknown_tags_fields_kinds_and_malformed_events_are_passed_over()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.PushRawAsync(
            new { t = "sparkle", conversation = "g_1", colour = new[] { 1, 2 } },
            new { t = "entry", future = true, entry = new { conversation = "g_1", seq = 1, at = Say.At, kind = "poll", from = "bob", question = "?" } },
            new { t = "entry", entry = new { conversation = "g_1", seq = 2, at = Say.At, kind = "message", from = "bob", data = "not base64!", contentType = "a/b" } },
            new { t = "entry" },
            new { t = "typing", conversation = "g_1" },
            new { t = "entry", entry = new { conversation = "g_1", seq = 3, at = Say.At, kind = "message", from = "bob", text = "still here", mood = "fine" } });

        Assert.Equal("poll", (await events.NextAsync<OtherEntryReceived>()).Entry.Kind);
        Assert.Equal("still here", (await events.NextAsync<MessageReceived>()).Message.Text);
        Assert.Equal(3, (await server.NextAsync(CommandTags.Ack)).Cursors!.Single().Seq);
        Assert.Equal(ChatConnectionState.Connected, chat.State);
    }
}
