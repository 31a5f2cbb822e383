using ChatKit.Client.Tests.Fakes;
using ChatKit.Client.Tests.Hosting;
using ChatKit.Client.Tests.Stores;

namespace ChatKit.Client.Tests;

/// <summary>Coming back to a real host.</summary>
public sealed class ResumeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_2_and_8_after_hours_away_with_an_expired_token_everything_comes_once_and_in_order()
    {
        const int Groups = 20;
        const int Messages = 150;
        var time = new ShiftedTime();
        await using var host = await RealHost.StartAsync(time);
        await using var place = new TestStore("file");
        var cached = TokenSignIn.Issue("ann", time.GetUtcNow() + TimeSpan.FromHours(1));
        List<ConversationId> groups = [];
        Dictionary<ConversationId, long> reached = [];
        await using (var before = host.Client((_, _) => Task.FromResult<string?>(cached), await place.OpenAsync(), time))
        {
            await using var events = new EventReader(before);
            await before.StartAsync(Cancelled);
            for (var i = 0; i < Groups; i++)
            {
                groups.Add(await host.CreateGroupAsync("bob", "ann"));
                await host.SendAsync("bob", groups[i], "before");
            }

            foreach (var received in await events.NextAsync<MessageReceived>(Groups))
            {
                reached[received.Message.Conversation!.Value] = received.Message.Seq;
            }
        }

        time.Shift = TimeSpan.FromHours(9);
        for (var i = 0; i < Messages; i++)
        {
            foreach (var group in groups)
            {
                await host.SendAsync("bob", group, $"{i}");
            }
        }

        List<TokenReason> reasons = [];
        await using var after = host.Client(
            (reason, _) =>
            {
                reasons.Add(reason);
                cached = reason == TokenReason.Renewal ? TokenSignIn.Issue("ann", time.GetUtcNow() + TimeSpan.FromHours(1)) : cached;
                return Task.FromResult<string?>(cached);
            },
            await place.OpenAsync(),
            time);
        await using var news = new EventReader(after);
        var waited = await after.Conversation(groups[0]).SendAsync("written without a connection", Cancelled);
        await after.StartAsync(Cancelled).WaitAsync(FakeServer.Patience, Cancelled);
        foreach (var received in await news.NextAsync<MessageReceived>(Groups * Messages))
        {
            var message = received.Message;
            Assert.Equal(++reached[message.Conversation!.Value], message.Seq);
            Assert.Equal($"{message.Seq - 3}", message.Text);
        }

        Assert.Equal([TokenReason.Connect, TokenReason.Renewal], reasons.Distinct());
        await waited.Accepted.WaitAsync(FakeServer.Patience, Cancelled);
        Assert.Single(await host.LogAsync("bob", groups[0]), e => e.From == "ann");
        Assert.DoesNotContain(news.Seen, e => e is ResyncRequired);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rule_12_after_the_incarnation_changed_the_device_loads_anew_and_its_outbox_arrives_once(bool appRestarts)
    {
        await using var place = new TestStore("file");
        await using var first = await RealHost.StartAsync();
        var chat = first.Client("ann", await place.OpenAsync());
        var events = new EventReader(chat);
        try
        {
            await chat.StartAsync(Cancelled);
            await (await chat.Direct("bob").SendAsync("in the old store", Cancelled)).Accepted.WaitAsync(FakeServer.Patience, Cancelled);
            await first.DisposeAsync();
            await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Reconnecting);
            await chat.Direct("bob").SendAsync("1", Cancelled);
            await chat.Direct("bob").SendAsync("2", Cancelled);
            if (appRestarts)
            {
                await chat.DisposeAsync();
            }

            await using var second = await RealHost.StartAsync(port: first.Port);
            if (appRestarts)
            {
                await events.DisposeAsync();
                chat = second.Client("ann", await place.OpenAsync());
                events = new EventReader(chat);
                await chat.StartAsync(Cancelled).WaitAsync(FakeServer.Patience, Cancelled);
            }

            await events.NextAsync<ResyncRequired>();
            var accepted = await events.NextAsync<MessageAccepted>(2);
            Assert.Equal(["1", "2"], accepted.Select(a => a.Message.Text));
            var log = await second.LogAsync("bob", accepted[0].Message.Conversation!.Value);
            Assert.Equal(["1", "2"], log.Select(e => e.Text));
            Assert.Equal(["1", "2"], chat.Direct("bob").CachedMessages.Select(m => m.Text));
        }
        finally
        {
            await events.DisposeAsync();
            await chat.DisposeAsync();
        }
    }
}
