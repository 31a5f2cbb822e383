using ChatKit.Client.Store;
using ChatKit.Client.Tests.Fakes;
using ChatKit.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Client.Tests;

public sealed class OutboxTests
{
    private static readonly ConversationId Group = new("g_1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rule_6_after_a_transient_refusal_in_the_middle_everything_from_there_on_is_sent_again_in_order()
    {
        await using var server = await FakeServer.StartAsync();
        var log = new List<string>();
        var blocked = false;
        var refusals = 0;
        server.Answer = c =>
        {
            // A server that obeys rule 6: the third message fails twice, what follows is out of order until it comes again.
            if (c.T != CommandTags.Send)
            {
                return [];
            }

            if (c.Text == "3" && refusals < 2)
            {
                refusals++;
                blocked = true;
                return [Say.Refused(c, refusals == 1 ? "unavailable" : "rate_limited", refusals == 1 ? null : 20)];
            }

            if (blocked && c.Text != "3")
            {
                return [Say.Refused(c, "out_of_order")];
            }

            blocked = false;
            log.Add(c.Text!);
            return [Say.Accepted(c, Group.Value, log.Count)];
        };
        await using var chat = new ChatClient(server.Options());
        await chat.StartAsync(Cancelled);
        var sent = new List<OutgoingMessage>();
        for (var i = 1; i <= 8; i++)
        {
            sent.Add(await chat.Conversation(Group).SendAsync($"{i}", Cancelled));
        }

        var accepted = await Task.WhenAll(sent.Select(s => s.Accepted)).WaitAsync(FakeServer.Patience, Cancelled);

        Assert.Equal(["1", "2", "3", "4", "5", "6", "7", "8"], log);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], accepted.Select(a => a.Seq));
        Assert.Equal(2, refusals);
        var tries = server.Received.Where(c => c.T == CommandTags.Send).GroupBy(c => c.Text!);
        Assert.All(tries, same => Assert.Single(same.DistinctBy(c => (c.Id, c.Conversation, c.To, c.ContentType))));
        Assert.Equal(3, tries.Single(t => t.Key == "3").Count());
    }

    [Fact]
    public async Task Rule_6_what_is_sent_after_a_withdrawal_does_not_pass_what_was_in_flight_behind_the_withdrawn()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await chat.StartAsync(Cancelled);
        var withdrawn = await chat.Conversation(Group).SendAsync("a", Cancelled);
        await chat.Conversation(Group).SendAsync("b", Cancelled);
        var first = await server.NextAsync(CommandTags.Send, 2);

        // The server has refused a for now, and is about to refuse b; the client knows neither.
        Assert.True(await chat.WithdrawAsync(withdrawn.Command, Cancelled));
        await chat.Conversation(Group).SendAsync("c", Cancelled);
        await server.NextAsync(CommandTags.Withdraw);
        await server.PushAsync(Say.Refused(first[0], "unavailable", 10), Say.Refused(first[1], "out_of_order"));

        Assert.Equal(["b", "c"], (await server.NextAsync(CommandTags.Send, 2)).Select(static c => c.Text));
    }

    [Fact]
    public async Task A_refusal_for_now_waits_for_what_is_in_flight_and_as_long_as_the_server_asks()
    {
        var time = new FakeTimeProvider();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await chat.Conversation(Group).SendAsync("a", Cancelled);
        await chat.Conversation(Group).SendAsync("b", Cancelled);
        var first = await server.NextAsync(CommandTags.Send, 2);

        await server.PushAsync(Say.Refused(first[0], "rate_limited", 5_000));
        await server.PushAsync(Say.Message("g_2", 1));
        await events.NextAsync<MessageReceived>(); // the refusal is taken in
        time.Advance(TimeSpan.FromMinutes(1)); // b is still unanswered: nothing is sent
        await chat.Conversation(Group).SendAsync("c", Cancelled);
        await server.PushAsync(Say.Refused(first[1], "out_of_order"), Say.Message("g_2", 2));
        await events.NextAsync<MessageReceived>();
        time.Advance(TimeSpan.FromMilliseconds(4_900));
        await chat.Conversation(new ConversationId("g_3")).SendAsync("other", Cancelled); // another lane is not held up
        Assert.Equal("other", (await server.NextAsync(CommandTags.Send)).Text);
        time.Advance(TimeSpan.FromMilliseconds(200));

        var again = await server.NextAsync(CommandTags.Send, 3);
        Assert.Equal(["a", "b", "c"], again.Select(c => c.Text));
        Assert.Equal(first.Select(c => c.Id), again.Take(2).Select(c => c.Id));
    }

    [Fact]
    public async Task Rule_5_a_new_connection_gets_everything_unanswered_in_order_with_the_same_ids()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await chat.StartAsync(Cancelled);
        var sent = new List<OutgoingMessage>();
        for (var i = 0; i < 5; i++)
        {
            sent.Add(await chat.Conversation(Group).SendAsync($"{i}", Cancelled));
        }

        var first = await server.NextAsync(CommandTags.Send, 5);
        await server.PushAsync(Say.Accepted(first[1], Group.Value, 7));
        await sent[1].Accepted.WaitAsync(FakeServer.Patience, Cancelled);
        server.Answer = c => c.T == CommandTags.Send ? [Say.Accepted(c, Group.Value, 10 + long.Parse(c.Text!, null), duplicate: true)] : [];
        server.Cut();

        var again = await server.NextAsync(CommandTags.Send, 4);
        Assert.Equal(["0", "2", "3", "4"], again.Select(c => c.Text));
        Assert.Equal([first[0].Id, first[2].Id, first[3].Id, first[4].Id], again.Select(c => c.Id));
        var last = await sent[4].Accepted.WaitAsync(FakeServer.Patience, Cancelled);
        Assert.True(last.Duplicate);
        Assert.Equal(14, last.Seq);
    }

    [Fact]
    public async Task What_is_sent_before_the_start_waits_and_goes_out_first()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await chat.Conversation(Group).SendAsync("early", Cancelled);
        await chat.StartAsync(Cancelled);
        await chat.Conversation(Group).SendAsync("late", Cancelled);
        Assert.Equal(["early", "late"], (await server.NextAsync(CommandTags.Send, 2)).Select(c => c.Text));
    }

    [Fact]
    public async Task A_permanent_refusal_fails_its_message_only()
    {
        await using var server = await FakeServer.StartAsync();
        server.Answer = c => c.T switch
        {
            CommandTags.Send when c.Text == "bad" => [Say.Refused(c, "forbidden")],
            CommandTags.Send => [Say.Accepted(c, Group.Value, 1)],
            _ => [],
        };
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        var bad = await chat.Conversation(Group).SendAsync("bad", Cancelled);
        var good = await chat.Conversation(Group).SendAsync("good", Cancelled);

        var error = await Assert.ThrowsAsync<ChatClientException>(() => bad.Accepted.WaitAsync(FakeServer.Patience, Cancelled));
        Assert.Equal(ChatErrorCode.Forbidden, error.Code);
        Assert.False(error.IsTransient);
        await good.Accepted.WaitAsync(FakeServer.Patience, Cancelled);
        var refused = await events.NextAsync<MessageRefused>();
        Assert.Equal((bad.Command, MessageStatus.Refused), (refused.Message.Command!.Value, refused.Message.Status));
        Assert.Equal(["good", "bad"], chat.Conversation(Group).CachedMessages.Select(m => m.Text));
        Assert.Equal(ChatErrorCode.Forbidden, chat.Conversation(Group).CachedMessages[1].Refusal);
    }

    [Fact]
    public async Task A_direct_conversation_has_one_lane_whichever_way_it_is_named()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        var direct = ConversationId.Direct(new UserId("ann"), new UserId("bob"));
        await chat.Direct("bob").SendAsync("1", Cancelled); // before anybody knows who is signed in
        await chat.Conversation(direct).SendAsync("2", Cancelled);
        await chat.Direct("bob").SendAsync("3", Cancelled);
        await chat.StartAsync(Cancelled);
        await chat.Conversation(direct).SendAsync("4", Cancelled);
        var first = await server.NextAsync(CommandTags.Send, 4);
        Assert.Equal(["1", "2", "3", "4"], first.Select(c => c.Text));
        Assert.Equal(direct, chat.Direct("bob").Id);
        Assert.Equal(["1", "2", "3", "4"], chat.Direct("bob").CachedMessages.Select(m => m.Text));

        // One lane: the refusal of the first holds up all of them.
        server.Answer = c => c.T == CommandTags.Send ? [Say.Accepted(c, direct.Value, 1)] : [];
        await server.PushAsync([.. first.Select((c, i) => Say.Refused(c, i == 0 ? "overloaded" : "out_of_order"))]);
        Assert.Equal(["1", "2", "3", "4"], (await server.NextAsync(CommandTags.Send, 4)).Select(c => c.Text));
    }

    [Fact]
    public async Task With_tenants_the_lanes_of_a_direct_conversation_become_one_when_its_id_is_told()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await chat.StartAsync(Cancelled);
        var sent = await chat.Direct("bob").SendAsync("1", Cancelled);
        await chat.Direct("bob").SendAsync("2", Cancelled);
        Assert.Null(chat.Direct("bob").Id);
        var first = await server.NextAsync(CommandTags.Send, 2);
        await server.PushAsync(Say.Accepted(first[0], "d_of_a_tenant", 2));
        await sent.Accepted.WaitAsync(FakeServer.Patience, Cancelled);
        Assert.Equal("d_of_a_tenant", chat.Direct("bob").Id!.Value.Value);
        await chat.Conversation(new ConversationId("d_of_a_tenant")).SendAsync("3", Cancelled);
        var third = await server.NextAsync(CommandTags.Send);
        await server.PushAsync(Say.Refused(first[1], "unavailable"), Say.Refused(third, "out_of_order"));
        Assert.Equal(["2", "3"], (await server.NextAsync(CommandTags.Send, 2)).Select(c => c.Text));
    }

    [Fact]
    public async Task Rule_5_the_outbox_gives_up_after_14_days_and_withdraws()
    {
        var time = new FakeTimeProvider();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        var old = await chat.Conversation(Group).SendAsync("old", Cancelled);
        time.Advance(TimeSpan.FromDays(13));
        var young = await chat.Conversation(Group).SendAsync("young", Cancelled);
        time.Advance(TimeSpan.FromDays(1.5));
        await chat.StartAsync(Cancelled);

        var error = await Assert.ThrowsAsync<ChatClientException>(() => old.Accepted.WaitAsync(FakeServer.Patience, Cancelled));
        Assert.Equal(ChatErrorCode.Unavailable, error.Code);
        Assert.Equal(old.Command.Value, (await server.NextAsync(CommandTags.Withdraw)).Id);
        Assert.Equal("young", (await server.NextAsync(CommandTags.Send)).Text);
        Assert.False(young.Accepted.IsCompleted);
    }

    [Fact]
    public async Task A_body_larger_than_the_server_takes_is_not_sent()
    {
        await using var server = await FakeServer.StartAsync();
        server.Answer = c => c.T == CommandTags.Send ? [Say.Accepted(c, Group.Value, 1)] : [];
        await using var chat = new ChatClient(server.Options());
        await chat.StartAsync(Cancelled);
        var large = await chat.Conversation(Group).SendAsync(new string('ä', 32769), Cancelled);
        var fits = await chat.Conversation(Group).SendAsync(new string('ä', 32768), Cancelled);

        var error = await Assert.ThrowsAsync<ChatClientException>(() => large.Accepted.WaitAsync(FakeServer.Patience, Cancelled));
        Assert.Equal(ChatErrorCode.TooLarge, error.Code);
        await fits.Accepted.WaitAsync(FakeServer.Patience, Cancelled);
        Assert.Single(server.Received, c => c.T == CommandTags.Send);
    }

    [Fact]
    public async Task No_content_can_make_a_frame_that_cuts_every_connection()
    {
        await using var server = await FakeServer.StartAsync();
        server.Answer = c => c.T == CommandTags.Send ? [Say.Accepted(c, Group.Value, 1)] : [];
        await using var chat = new ChatClient(server.Options());
        await chat.StartAsync(Cancelled);
        var controls = new string('\u0001', 65536);
        var sent = await chat.Conversation(Group).SendAsync(controls, Cancelled);
        Assert.Equal(controls, sent.Message.Text);
        await sent.Accepted.WaitAsync(FakeServer.Patience, Cancelled);
        var frame = await server.NextAsync(CommandTags.Send);
        Assert.Equal((null, "text/plain", controls.Length), (frame.Text, frame.ContentType, Convert.FromBase64String(frame.Data!).Length));

        await Assert.ThrowsAsync<ArgumentException>(() => chat.Conversation(Group).SendAsync("half \ud83d pair", Cancelled));
        await Assert.ThrowsAsync<ArgumentException>(() => chat.Conversation(Group).SendAsync("", Cancelled));
        var crowd = Enumerable.Range(0, 2000).Select(i => new UserId($"{i:d100}"));
        var error = await Assert.ThrowsAsync<ChatClientException>(() => chat.CreateGroupAsync("Crowd", crowd, cancellationToken: Cancelled));
        Assert.Equal(ChatErrorCode.TooLarge, error.Code);
    }

    [Fact]
    public async Task A_full_outbox_refuses_at_once()
    {
        await using var server = await FakeServer.StartAsync();
        var o = server.Options();
        await using var chat = new ChatClient(new ChatClientOptions { Server = o.Server, DeviceId = o.DeviceId, OutboxLimit = 2 });
        await chat.Conversation(Group).SendAsync("1", Cancelled);
        await chat.Conversation(Group).SendAsync("2", Cancelled);
        var error = await Assert.ThrowsAsync<ChatClientException>(() => chat.Conversation(Group).SendAsync("3", Cancelled));
        Assert.Equal(ChatErrorCode.Overloaded, error.Code);
    }

    [Fact]
    public async Task A_long_pipeline_is_bounded_and_complete()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await chat.StartAsync(Cancelled);
        var sent = new List<OutgoingMessage>();
        for (var i = 0; i < 1000; i++)
        {
            sent.Add(await chat.Conversation(Group).SendAsync($"{i}", Cancelled));
        }

        var first = await server.NextAsync(CommandTags.Send, 256);
        await chat.Conversation(new ConversationId("g_2")).SendAsync("behind", Cancelled);
        Assert.Equal("behind", (await server.NextAsync(CommandTags.Send)).Text); // so the 257th was held back
        server.Answer = c => c.T == CommandTags.Send ? [Say.Accepted(c, Group.Value, long.Parse(c.Text!, null) + 1)] : [];
        await server.PushAsync([.. first.Select(c => Say.Accepted(c, Group.Value, long.Parse(c.Text!, null) + 1))]);

        var accepted = await Task.WhenAll(sent.Select(s => s.Accepted)).WaitAsync(FakeServer.Patience, Cancelled);
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), accepted.Select(a => a.Seq));
        Assert.InRange(server.Calls, 5, 1001);
    }

    [Fact]
    public async Task What_the_store_kept_is_sent_by_the_next_process_first_with_the_same_ids_and_positions_are_restated()
    {
        await using var server = await FakeServer.StartAsync();
        var store = new MemoryClientStore();
        string[] ids;
        await using (var before = new ChatClient(server.Options(store: store)))
        {
            await using var events = new EventReader(before);
            await before.StartAsync(Cancelled);
            await before.Conversation(Group).SendAsync("1", Cancelled);
            await before.Conversation(Group).SendAsync("2", Cancelled);
            ids = [.. (await server.NextAsync(CommandTags.Send, 2)).Select(c => c.Id!)];
            await server.PushAsync(Say.Accepted(new CommandFrame { Id = ids[0] }, Group.Value, 5), Say.Message("g_9", 41));
            await events.NextAsync<MessageReceived>();
            await server.HelloAsync();
            await server.NextAsync(CommandTags.Ack); // the batch is taken in to its end
        }

        await using var after = new ChatClient(server.Options(store: store));
        await after.Conversation(Group).SendAsync("3", Cancelled);
        await after.StartAsync(Cancelled);
        var hello = await server.HelloAsync();
        Assert.Equal("i1", hello.Incarnation);
        Assert.Equal([new WireCursor("g_9", 41)], hello.Cursors!);
        var again = await server.NextAsync(CommandTags.Send, 2);
        Assert.Equal(["2", "3"], again.Select(c => c.Text));
        Assert.Equal(ids[1], again[0].Id);
    }
}
