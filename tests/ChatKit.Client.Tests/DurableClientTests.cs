using ChatKit.Client.Tests.Fakes;
using ChatKit.Client.Tests.Stores;
using ChatKit.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Client.Tests;

/// <summary>What a client knows after its process was replaced by another on the same store.</summary>
public sealed class DurableClientTests
{
    private static readonly ConversationId Group = new("g_1");

    public static TheoryData<string> Kinds => StoreTests.Kinds;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rule_5_the_outbox_is_sent_by_the_next_process_in_order_with_the_same_ids_before_what_is_new(string kind)
    {
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        List<string> ids = [];
        await using (var before = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            for (var i = 0; i < 30; i++)
            {
                ids.Add((await before.Direct("bob").SendAsync($"{i}", Cancelled)).Command.Value);
            }
        }

        await using (var offline = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            ids.Add((await offline.Direct("bob").SendAsync("30", Cancelled)).Command.Value);
            Assert.Equal(31, offline.Direct("bob").CachedMessages.Count);
        }

        await using var after = new ChatClient(server.Options(store: await place.OpenAsync()));
        var late = after.Direct("bob").SendAsync("31", Cancelled); // before anything is read
        await after.StartAsync(Cancelled);
        ids.Add((await late).Command.Value);
        var sent = await server.NextAsync(CommandTags.Send, 32);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"{i}"), sent.Select(c => c.Text));
        Assert.Equal(ids, sent.Select(c => c.Id));
        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"{i}"), after.Direct("bob").CachedMessages.Select(m => m.Text));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rule_8_what_is_acknowledged_is_in_the_cache_of_the_next_process_in_its_present_state(string kind)
    {
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        await using (var before = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            await before.StartAsync(Cancelled);
            await server.HelloAsync();
            var picture = Say.Message("g_1", 5);
            await server.PushAsync(
                Say.Message("g_1", 1, text: "one"), Say.Message("g_1", 2, text: "two"), Say.Entry("g_1", 3, "edit", target: 1, text: "eins"),
                Say.Entry("g_1", 4, "deletion", target: 2),
                picture with { Entry = picture.Entry! with { Text = null, Data = "AQL/", ContentType = "image/png", Assets = ["a1"] } },
                Say.Skip("g_2", 1, 7));
            var ack = await server.NextAsync(CommandTags.Ack);
            Assert.Equal([("g_1", 5), ("g_2", 7)], ack.Cursors!.Select(c => (c.Conversation, c.Seq)).Order());
        }

        await using var after = new ChatClient(server.Options(store: await place.OpenAsync()));
        await after.LoadAsync(Cancelled); // without a connection
        Assert.Equal("ann", after.User!.Value.Value);
        var cached = after.Conversation(Group).CachedMessages;
        Assert.Equal([(1, "eins", 3), (2, null, 4), (5, null, 0)], cached.Select(m => (m.Seq, m.Text, m.Version)));
        Assert.True(cached[1].IsDeleted);
        Assert.Equal(("AQL/", "image/png", "a1"), (Convert.ToBase64String(cached[2].Data.Span), cached[2].ContentType, cached[2].Assets.Single().Value));
        await after.StartAsync(Cancelled);
        var hello = await server.HelloAsync();
        Assert.Equal([("g_1", 5), ("g_2", 7)], hello.Cursors!.Select(c => (c.Conversation, c.Seq)).Order());
        Assert.Equal("i1", hello.Incarnation);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_newest_messages_are_kept_and_no_more(string kind)
    {
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        var store = await place.OpenAsync();
        var o = server.Options();
        await using (var before = new ChatClient(new ChatClientOptions { Server = o.Server, DeviceId = "d1", Store = store, CachedMessages = 10 }))
        {
            await before.StartAsync(Cancelled);
            for (var i = 1; i <= 50; i += 5)
            {
                await server.PushAsync([.. Enumerable.Range(i, 5).Select(n => Say.Message("g_1", n))]);
            }

            while ((await server.NextAsync(CommandTags.Ack)).Cursors!.Single().Seq < 50)
            {
                // Goes on until all are acknowledged.
            }
        }

        Assert.Equal(10, (await store.LoadAsync(Cancelled)).Count(r => r.Key.StartsWith("m/", StringComparison.Ordinal)));
        store = await place.OpenAsync();
        await using (var after = new ChatClient(new ChatClientOptions { Server = o.Server, DeviceId = "d1", Store = store, CachedMessages = 4 }))
        {
            await after.StartAsync(Cancelled);
            Assert.Equal([47, 48, 49, 50], after.Conversation(Group).CachedMessages.Select(m => m.Seq));
        }

        Assert.Equal(4, (await store.LoadAsync(Cancelled)).Count(r => r.Key.StartsWith("m/", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Read_marks_and_the_ids_of_direct_conversations_are_kept_until_told(string kind)
    {
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        server.Answer = c => c.T == CommandTags.Send ? [Say.Accepted(c, "d_of_a_tenant", 3)] : [];
        await using (var before = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            await before.StartAsync(Cancelled);
            await (await before.Direct("bob").SendAsync("Hi", Cancelled)).Accepted.WaitAsync(FakeServer.Patience, Cancelled);
            await before.StopAsync(Cancelled);
            await before.Direct("bob").MarkReadAsync(2, Cancelled);
        }

        server.Answer = c => c.T == CommandTags.Read ? [new EventFrame { T = EventTags.Unread, Conversation = c.Conversation, Seq = c.Seq, Unread = 0 }] : [];
        await using (var after = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            await using var events = new EventReader(after);
            await after.StartAsync(Cancelled);
            Assert.Equal("d_of_a_tenant", after.Direct("bob").Id!.Value.Value);
            var read = await server.NextAsync(CommandTags.Read);
            Assert.Equal(("d_of_a_tenant", 2), (read.Conversation, read.Seq));
            await events.NextAsync<UnreadUpdated>();
        }

        Assert.DoesNotContain(await (await place.OpenAsync()).LoadAsync(Cancelled), r => r.Key.StartsWith("r/", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_refused_message_stays_over_a_restart_until_it_is_withdrawn(string kind)
    {
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        server.Answer = c => c.T == CommandTags.Send ? [Say.Refused(c, "forbidden")] : [];
        CommandId command;
        await using (var before = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            await using var events = new EventReader(before);
            await before.StartAsync(Cancelled);
            var sent = await before.Conversation(Group).SendAsync("bad", Cancelled);
            command = sent.Command;
            await events.NextAsync<MessageRefused>();
        }

        await using (var after = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            await using var events = new EventReader(after);
            await after.StartAsync(Cancelled);
            var kept = Assert.Single(after.Conversation(Group).CachedMessages);
            Assert.Equal((MessageStatus.Refused, ChatErrorCode.Forbidden, "bad", command), (kept.Status, kept.Refusal, kept.Text, kept.Command));
            Assert.True(await after.WithdrawAsync(command, Cancelled));
            Assert.False(await after.WithdrawAsync(command, Cancelled));
            Assert.Equal(command, (await events.NextAsync<MessageWithdrawn>()).Message.Command);
            Assert.Empty(after.Conversation(Group).CachedMessages);
            Assert.Single(server.Received, c => c.T == CommandTags.Send);
        }

        await using var last = new ChatClient(server.Options(store: await place.OpenAsync()));
        await last.LoadAsync(Cancelled);
        Assert.Empty(last.Conversation(Group).CachedMessages);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rule_6_a_withdrawn_command_is_never_sent_and_lets_later_ones_pass(string kind)
    {
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        CommandId first;
        await using (var before = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            var one = await before.Conversation(Group).SendAsync("1", Cancelled);
            first = one.Command;
            var two = await before.Conversation(Group).SendAsync("2", Cancelled);
            await before.Conversation(Group).SendAsync("3", Cancelled);
            Assert.True(await before.WithdrawAsync(two.Command, Cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two.Accepted);
        }

        var refused = 0;
        server.Answer = c => c switch
        {
            { T: CommandTags.Send, Text: "1" } => [Say.Refused(c, "unavailable", ++refused)],
            { T: CommandTags.Send, Text: "3" } when server.Received.Any(w => w.T == CommandTags.Withdraw && w.Id == first.Value) => [Say.Accepted(c, Group.Value, 1)],
            { T: CommandTags.Send } => [Say.Refused(c, "out_of_order")],
            _ => [],
        };
        await using var after = new ChatClient(server.Options(store: await place.OpenAsync()));
        await using var events = new EventReader(after);
        await after.StartAsync(Cancelled);
        await server.NextAsync(CommandTags.Send, 4); // 1 and 3 were tried twice
        Assert.True(await after.WithdrawAsync(first, Cancelled));
        Assert.Equal("3", (await events.NextAsync<MessageAccepted>()).Message.Text);
        Assert.DoesNotContain(server.Received, c => c.Text == "2");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rule_5_what_an_earlier_process_left_is_given_up_after_14_days_and_shown_as_refused(string kind)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        CommandId old;
        await using (var before = new ChatClient(server.Options(time, await place.OpenAsync())))
        {
            old = (await before.Conversation(Group).SendAsync("old", Cancelled)).Command;
            time.Advance(TimeSpan.FromDays(1));
            await before.Conversation(Group).SendAsync("young", Cancelled);
        }

        time.Advance(TimeSpan.FromDays(13) + TimeSpan.FromSeconds(1));
        await using var after = new ChatClient(server.Options(time, await place.OpenAsync()));
        await using var events = new EventReader(after);
        await after.StartAsync(Cancelled);
        var refused = await events.NextAsync<MessageRefused>();
        Assert.Equal((old, ChatErrorCode.Unavailable), (refused.Message.Command!.Value, refused.Error.Code));
        Assert.Equal(old.Value, (await server.NextAsync(CommandTags.Withdraw)).Id);
        Assert.Equal("young", (await server.NextAsync(CommandTags.Send)).Text);
        Assert.Equal(
            [("old", MessageStatus.Refused), ("young", MessageStatus.Pending)], after.Conversation(Group).CachedMessages.Select(m => (m.Text!, m.Status)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rule_12_another_incarnation_forgets_positions_and_cache_but_not_the_outbox(string kind)
    {
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        await using (var before = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            await before.StartAsync(Cancelled);
            await server.HelloAsync();
            await server.PushAsync(Say.Message("g_1", 500));
            await server.NextAsync(CommandTags.Ack);
            await before.Conversation(Group).SendAsync("pending", Cancelled);
            await before.Conversation(Group).MarkReadAsync(500, Cancelled);
            _ = before.Conversation(Group).EditAsync(499, "new text", Cancelled).ContinueWith(static t => t.Exception, TaskScheduler.Default);
            await server.NextAsync(CommandTags.Edit);
        }

        while (server.Received.TryDequeue(out _))
        {
            // What came before is of no interest.
        }

        server.Welcome = h => FakeServer.Welcomed(reset: h.Incarnation == "i1", incarnation: "i2");
        await using (var after = new ChatClient(server.Options(store: await place.OpenAsync())))
        {
            await using var events = new EventReader(after);
            await after.StartAsync(Cancelled);
            Assert.Equal([new WireCursor("g_1", 500)], (await server.HelloAsync()).Cursors!);
            await events.NextAsync<ResyncRequired>();
            Assert.Equal("pending", Assert.Single(after.Conversation(Group).CachedMessages).Text);
            while ((await server.NextAsync(CommandTags.Send)).Text != "pending")
            {
                // The transmission of the first process.
            }

            await server.PushAsync(Say.Message("g_1", 3)); // the restored store is behind: 3 is news
            Assert.Equal(3, (await events.NextAsync<MessageReceived>()).Message.Seq);
            await server.NextAsync(CommandTags.Ack);

            // Position 499 may be another message now, and 500 read nothing.
            Assert.DoesNotContain(server.Received, c => c.T is CommandTags.Edit or CommandTags.Read);
        }

        var store = await place.OpenAsync();
        Assert.Single(await store.LoadAsync(Cancelled), r => r.Key.StartsWith("p/", StringComparison.Ordinal));
        await using var last = new ChatClient(server.Options(store: store));
        await last.StartAsync(Cancelled);
        var hello = await server.HelloAsync();
        Assert.Equal(("i2", 3), (hello.Incarnation, hello.Cursors!.Single().Seq));
        Assert.Equal([3, 0], last.Conversation(Group).CachedMessages.Select(m => m.Seq));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task One_store_is_of_one_user_and_one_client_at_a_time(string kind)
    {
        await using var server = await FakeServer.StartAsync();
        await using var place = new TestStore(kind);
        var store = await place.OpenAsync();
        await using (var first = new ChatClient(server.Options(store: store)))
        {
            await first.StartAsync(Cancelled);
            await using var second = new ChatClient(server.Options(store: store));
            var refused = await Assert.ThrowsAsync<ChatClientException>(() => second.Conversation(Group).SendAsync("no", Cancelled));
            Assert.Equal(ClientStoreFault.InUse, Assert.IsType<ClientStoreException>(refused.InnerException).Fault);
            Assert.Equal(ChatErrorCode.Invalid, (await Assert.ThrowsAsync<ChatClientException>(() => second.StartAsync(Cancelled))).Code);
        }

        server.Welcome = _ => FakeServer.Welcomed() with { User = "eve" };
        await using var eve = new ChatClient(server.Options(store: store));
        Assert.Equal(ChatErrorCode.Forbidden, (await Assert.ThrowsAsync<ChatClientException>(() => eve.StartAsync(Cancelled))).Code);
    }
}
