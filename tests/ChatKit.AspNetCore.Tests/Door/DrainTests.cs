using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Client;
using ChatKit.Sessions;
using ChatKit.Wire;
using Microsoft.AspNetCore.Builder;
using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>A stopping host: nobody new, everything in flight answered, the clients sent elsewhere, cursors stored.</summary>
public sealed class DrainTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_load_a_node_stops_and_nothing_is_lost_or_doubled()
    {
        await using var cluster = new Cluster();
        await using var north = await cluster.StartAsync();
        await using var south = await cluster.StartAsync();
        await using var balancer = new Balancer(north.Address.Port);
        await using var anna = await Person.ConnectAsync(Through(balancer), "anna");
        await using var ben = await Person.ConnectAsync(Through(balancer), "ben");
        var sends = new List<Task<SentMessage>>();
        var stopped = Task.CompletedTask;
        for (var i = 0; i < 300; i++)
        {
            sends.Add((await anna.Client.Direct("ben").SendAsync($"m{i}", Stop)).Accepted);
            if (i == 100)
            {
                // The load balancer sees the readiness turn; new connections go south.
                balancer.Target = south.Address.Port;
                stopped = north.App.StopAsync(Stop);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, Stop);
        }

        var seqs = (await Task.WhenAll(sends).WaitAsync(Person.Patience, Stop)).Select(sent => sent.Seq);
        Assert.Equal(Enumerable.Range(2, 300).Select(i => (long)i), seqs);
        await ben.GetsAsync("m299");
        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"m{i}"), ben.Texts);
        await stopped.WaitAsync(Person.Patience, Stop);
        foreach (var person in new[] { anna, ben })
        {
            var lost = Assert.Single(person.Happened.OfType<ConnectionChanged>(), changed => changed.State == ChatConnectionState.Reconnecting);
            Assert.Equal(ChatErrorCode.ShuttingDown, lost.Error?.Code);
        }

        Uri Through(Balancer to) => new($"http://127.0.0.1:{to.Port}/chat");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_flight_is_answered_newcomers_are_refused_and_readiness_turns(bool bySignal)
    {
        var store = new FailingStoreGate();
        await using var host = await ChatHost.StartAsync(options =>
        {
            options.Chat = chat => (chat.DrainTimeout, chat.DrainSpread) = (TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(1));
            options.Store = chat =>
            {
                chat.UseInMemory();
                store.Wrap(chat.Services);
            };
        });
        await using var anna = await host.ConnectAsync("anna");
        await using var early = await HubClient.StartAsync(host.Hub("ben").Build());
        using var http = host.Http("cara");
        store.Close();
        await anna.FramesAsync(new CommandFrame { T = CommandTags.Send, Id = "in-flight", To = "ben", Text = "in flight" });
        await store.Waiting;
        var posted = http.PostAsJsonAsync("direct/ben/messages", new { text = "in flight, too" }, Stop);
        var poll = http.GetAsync("sync?device=d&wait=30&after=" + (await Problem.ReadAsync(await http.GetAsync("sync?device=d&wait=0", Stop))).GetProperty("next").GetString(), Stop);

        // A signal stops the application first and the host then; a host may also be stopped by its own code.
        var stopping = Task.Run(() =>
        {
            if (bySignal)
            {
                host.App.Lifetime.StopApplication();
            }

            return host.App.StopAsync(Stop);
        }, Stop);
        var sessions = host.App.Services.GetRequiredService<SessionManager>();
        await Eventually.TrueAsync(() => sessions.IsStopping);
        var health = await host.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop);
        Assert.Equal(HealthStatus.Unhealthy, health.Entries["chatkit"].Status);
        Assert.Contains("ready", health.Entries["chatkit"].Tags);

        var refused = await early.HelloAsync("phone");
        Assert.Equal(("shutting_down", 1000L), (refused.Code, refused.RetryAfter));
        using var negotiated = await http.PostAsync("hub/negotiate?negotiateVersion=1", null, Stop);
        var problem = await Problem.ExpectAsync(negotiated, HttpStatusCode.ServiceUnavailable, "shutting_down");
        Assert.Equal(1000, problem.GetProperty("retryAfter").GetInt64());
        using var polled = await poll;
        await Problem.ExpectAsync(polled, HttpStatusCode.ServiceUnavailable, "shutting_down");

        // The command in flight holds its connection until it is answered; one that comes now is refused for now.
        var late = await anna.AskAsync(new CommandFrame { T = CommandTags.Send, Id = "late", To = "ben", Text = "late" });
        Assert.Equal("shutting_down", late.Code);
        Assert.False(anna.Has(e => e.T == EventTags.Goodbye));
        store.Open();
        Assert.Equal(2, (await anna.NextAsync(e => e.Id == "in-flight")).Seq);
        Assert.Equal("shutting_down", (await anna.NextAsync(e => e.T == EventTags.Goodbye)).Code);
        await anna.Closed;
        using var answer = await posted;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await stopping.WaitAsync(Person.Patience, Stop);
    }

    [Fact]
    public async Task Who_does_not_go_is_cut_in_time_and_cursors_are_stored()
    {
        await using var cluster = new Cluster(options => options.Chat = chat =>
            (chat.DrainTimeout, chat.DrainSpread, chat.ReceiptFlushInterval) = (TimeSpan.FromSeconds(1), TimeSpan.Zero, TimeSpan.FromMilliseconds(250)));
        var host = await cluster.StartAsync();
        await using var socket = new RawSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer ben");
        await socket.ConnectAsync(host.Url("hub"));
        await socket.HandshakeAsync();
        await socket.InvokeAsync("1", "Hello", """[{"versions":[1],"device":"d"}]""");
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(new UserId("anna"), new UserId("ben"), "hi"), Stop)).Value;
        await socket.SendAsync("""{"type":1,"target":"Frames","arguments":[[{"t":"activity"}]]}""");
        await socket.ReadUntilAsync(message => message.ToString().Contains("\"entry\"", StringComparison.Ordinal) && message.ToString().Contains("hi", StringComparison.Ordinal));
        await socket.InvokeAsync("2", "Frames", $$"""[[{"t":"ack","cursors":[{"conversation":"{{sent.Conversation.Value}}","seq":{{sent.Seq}}}]}]]""");

        // It does not read on: the goodbye is not heard.
        var started = TimeProvider.System.GetTimestamp();
        await host.App.StopAsync(Stop);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        var cursors = await cluster.Plug<IRelayQueue>().GetCursorsAsync(new DeviceId(new UserId("ben"), "d"), Stop);
        Assert.Equal(sent.Seq, Assert.Single(cursors).Delivered);
        await host.DisposeAsync();
    }

    /// <summary>Holds appends back until it is opened.</summary>
    private sealed class FailingStoreGate
    {
        private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource open = new();

        public FailingStoreGate() => open.SetResult();

        public Task Waiting => waiting.Task.WaitAsync(Person.Patience, Stop);

        public void Close() => open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => open.TrySetResult();

        public void Wrap(IServiceCollection services) => services.Wrap<IMessageStore>(inner => new Store(inner, this));

        private sealed class Store(IMessageStore inner, FailingStoreGate gate) : IMessageStore
        {
            public async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
            {
                if (!gate.open.Task.IsCompleted)
                {
                    gate.waiting.TrySetResult();
                }

                await gate.open.Task;
                return await inner.AppendAsync(batch, cancellationToken);
            }

            public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) => inner.ReadAsync(ranges, cancellationToken);

            public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) => inner.GetHeadsAsync(conversations, cancellationToken);

            public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken) => inner.CountAsync(ranges, cancellationToken);

            public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) => inner.ReadFeedAsync(after, limit, cancellationToken);
        }
    }
}
