using System.Diagnostics;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Client;
using ChatKit.Tests.Shared;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Scenarios.Tests.Outages;

/// <summary>The database goes away while people write: sends are refused after a bounded wait, the clients keep them, and when it is back everything
/// arrives, once and in order (rules 4 to 6 and the promise over all).</summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private const int Each = 20;

    /// <summary>The store's settings below, three tries of the engine, and what a busy machine takes.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private PostgresServer server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => server = await PostgresServer.StartAsync();

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("stopped")]
    [InlineData("killed")]
    [InlineData("frozen")]
    public async Task Nothing_is_lost_or_doubled_when_the_database_goes_away_and_comes_back(string how)
    {
        Assert.Equal("on", await server.ScalarAsync<string>("show fsync"));
        Assert.Equal("on", await server.ScalarAsync<string>("show synchronous_commit"));
        await using var host = await StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        await using var dora = await host.ConnectAsync("dora");
        var group = await anna.Client.CreateGroupAsync("Trip", [ben.Id], cancellationToken: Stop);
        await Person.SendToAsync(group, "made");
        await ben.GetsAsync("made");
        await dora.AskAsync(new CommandFrame { T = CommandTags.Send, Id = "before", To = "anna", Text = "before" });

        // Both write all the time: what is in flight in the very moment is either stored or not, and nobody knows.
        using var writing = new CancellationTokenSource();
        var pending = new[] { new List<OutgoingMessage>(), [] };
        var writers = new[] { WriteAsync(anna, group.Id!.Value, pending[0], writing.Token), WriteAsync(ben, group.Id.Value, pending[1], writing.Token) };
        await ben.EventuallyAsync(() => ben.Texts.Count(text => text!.StartsWith("anna", StringComparison.Ordinal)) >= Each);
        await BreakAsync(how);

        var waited = Stopwatch.StartNew();
        await dora.FramesAsync(new CommandFrame { T = CommandTags.Send, Id = "during", To = "anna", Text = "during" });
        var refused = await RefusalAsync(dora);
        Assert.Equal("unavailable", refused.Code);
        Assert.True(waited.Elapsed < Bound, $"Refused after {waited.Elapsed}.");
        await writing.CancelAsync();
        await Task.WhenAll(writers);
        var late = await anna.Client.Conversation(group.Id.Value).SendAsync("anna: while it is down", Stop);
        Assert.False(late.Accepted.IsCompleted);
        await anna.SeesAsync<MessagePending>(one => one.Message.Text == "anna: while it is down");

        await MendAsync(how);
        var all = pending[0].Append(late).Concat(pending[1]).ToList();
        var accepted = await Task.WhenAll(all.Select(one => one.Accepted)).WaitAsync(TimeSpan.FromSeconds(60), Stop);
        Assert.Equal(accepted.Length, accepted.Select(one => one.Seq).Distinct().Count());
        await anna.EventuallyAsync(() => anna.Texts.Count >= pending[1].Count);
        await ben.EventuallyAsync(() => ben.Texts.Count >= pending[0].Count + 2);

        // Once each and in the order in which they were written: live, and in the log.
        Assert.Equal(Written("anna", pending[0].Count).Prepend("made").Append("anna: while it is down"), ben.Texts);
        Assert.Equal(Written("ben", pending[1].Count), anna.Texts.Where(text => text!.StartsWith("ben", StringComparison.Ordinal)));
        var log = await LogAsync(host, group.Id.Value);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(n => (long)n), log.Select(entry => entry.Seq));
        Assert.Equal(2 + accepted.Length, log.Count);

        // Refused for now, sent again with the same id: it is stored once.
        var again = await dora.AskAsync(new CommandFrame { T = CommandTags.Send, Id = "during", To = "anna", Text = "during" });
        Assert.Equal(EventTags.Accepted, again.T);
        Assert.Equal(3, again.Seq);
    }

    [Fact]
    public async Task A_restart_is_ridden_out_without_a_refusal()
    {
        await using var host = await StartAsync(TimeSpan.FromSeconds(60));
        await using var anna = await host.ConnectAsync("anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        const int count = 60;
        for (var i = 0; i < count; i++)
        {
            await anna.FramesAsync(new CommandFrame { T = CommandTags.Send, Id = $"k{i}", To = "ben", Text = $"{i}" });
            if (i is 20 or 40)
            {
                await ben.GetsAsync($"{i - 1}");
                await server.KillAsync();
                await server.StartAgainAsync();
            }
        }

        for (var i = 0; i < count; i++)
        {
            var answer = await AnswerAsync(anna, $"k{i}");
            Assert.Equal((EventTags.Accepted, i + 2L), (answer.T, answer.Seq!.Value));
        }

        await ben.GetsAsync($"{count - 1}");
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i}"), ben.Texts);
    }

    private static async Task WriteAsync(Person person, ConversationId group, List<OutgoingMessage> pending, CancellationToken until)
    {
        var conversation = person.Client.Conversation(group);
        while (!until.IsCancellationRequested)
        {
            // Some wait in the outbox, so that many are in flight; more would only make the test long.
            if (pending.Count < 3 * Each || pending[^Each].Accepted.IsCompleted)
            {
                pending.Add(await conversation.SendAsync($"{person.Name} {pending.Count}", Stop));
            }

            await Task.WhenAny(pending[^1].Accepted, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop));
        }
    }

    private static IEnumerable<string> Written(string name, int count) => Enumerable.Range(0, count).Select(i => $"{name} {i}");

    /// <summary>A refusal may take longer than other answers.</summary>
    private static async Task<EventFrame> RefusalAsync(HubClient client)
    {
        await Eventually.TrueAsync(() => client.Has(frame => frame.T is EventTags.Refused or EventTags.Accepted && frame.Id == "during"));
        return await client.NextAsync(frame => frame.T is EventTags.Refused or EventTags.Accepted && frame.Id == "during");
    }

    private static Task<EventFrame> AnswerAsync(HubClient client, string id) =>
        client.NextAsync(frame => frame.T is EventTags.Refused or EventTags.Accepted && frame.Id == id);

    private static async Task<IReadOnlyList<LogEntry>> LogAsync(ChatHost host, ConversationId conversation) =>
        (await host.App.Services.GetRequiredService<IMessageStore>().ReadAsync([new LogRange(conversation, 1, long.MaxValue, 10_000)], Stop))[0];

    private Task<ChatHost> StartAsync(TimeSpan? retry = null) => ChatHost.StartAsync(options => options.Store = chat => chat.UsePostgres(
        server.ConnectionString(more: "Timeout=2;Cancellation Timeout=500"),
        postgres =>
        {
            postgres.MaxRetryTime = retry ?? TimeSpan.FromMilliseconds(500);
            postgres.CommandTimeout = TimeSpan.FromSeconds(2);
        }));

    private Task BreakAsync(string how) => how switch
    {
        "stopped" => server.StopAsync(),
        "killed" => server.KillAsync(),
        _ => server.FreezeAsync(),
    };

    private Task MendAsync(string how) => how == "frozen" ? server.ThawAsync() : server.StartAgainAsync();
}
