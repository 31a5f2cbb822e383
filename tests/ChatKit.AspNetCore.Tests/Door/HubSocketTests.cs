using System.Text.Json;
using ChatKit.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>The socket between SignalR and the engine: calls go past SignalR, and none overtakes another.</summary>
public sealed class HubSocketTests
{
    /// <summary>More than goes past SignalR.</summary>
    private const int Large = 20_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_go_past_SignalR_once_Hello_is_answered()
    {
        var filter = new CountingFilter();
        await using var host = await StartAsync(filter);
        await using var socket = await ConnectAsync(host, "anna");
        for (var i = 0; i < 20; i++)
        {
            await socket.SendAsync(Call(Send(i, "Hello")));
            await AcceptedAsync(socket, i);
        }

        Assert.Equal(["Hello"], filter.Seen);
    }

    [Fact]
    public async Task Rule_6_calls_on_both_ways_keep_their_order()
    {
        const int count = 400;
        var filter = new CountingFilter();
        await using var host = await StartAsync(filter);
        await using var socket = await ConnectAsync(host, "anna");
        var random = new Random(5);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < count; i++)
            {
                var send = Send(i, new string('x', random.Next(8) == 0 ? Large : 10));
                await socket.SendAsync(random.Next(8) switch
                {
                    0 => $$"""{"type":1,"invocationId":"{{i}}","target":"Frames","arguments":[[{{send}}]]}""",
                    1 => "{\"type\":6}" + RawSocket.Separator + Call(send),
                    _ => Call(send),
                });
            }
        }, Stop);

        var ids = new List<int>();
        var seqs = new List<long>();
        while (ids.Count < count)
        {
            var events = new List<JsonElement>();
            await socket.ReadUntilAsync(_ => true, events);
            foreach (var one in events)
            {
                Assert.NotEqual("refused", one.GetProperty("t").GetString());
                if (one.GetProperty("t").GetString() == "accepted")
                {
                    ids.Add(int.Parse(one.GetProperty("id").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
                    seqs.Add(one.GetProperty("seq").GetInt64());
                }
            }
        }

        await sending;
        Assert.Equal(Enumerable.Range(0, count), ids);
        Assert.Equal(seqs.Order(), seqs);
        Assert.Contains("Frames", filter.Seen); // both ways were taken
        Assert.True(filter.Seen.Count < count);
    }

    [Fact]
    public async Task SignalR_hears_of_a_client_that_sends_and_ends_one_that_is_silent()
    {
        var filter = new CountingFilter();
        await using var host = await StartAsync(filter, TimeSpan.FromSeconds(2));
        await using var talking = await ConnectAsync(host, "anna");
        await using var silent = await ConnectAsync(host, "ben");

        // Before the first one SignalR expects none.
        await talking.SendAsync("{\"type\":6}");
        await silent.SendAsync("{\"type\":6}");
        await silent.SendAsync(Call("""{"t":"ack","cursors":[]}"""));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var ended = EndAsync(silent);
        using var rhythm = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; !ended.IsCompleted || watch.Elapsed < TimeSpan.FromSeconds(5); i++)
        {
            await talking.SendAsync(Call(Send(i, "Still here")));
            await AcceptedAsync(talking, i);
            await rhythm.WaitForNextTickAsync(Stop);
        }

        await ended;
        Assert.DoesNotContain("Frames", filter.Seen);

        static async Task EndAsync(RawSocket socket)
        {
            while (await socket.ReadAsync() is not null)
            {
            }
        }
    }

    private static Task<ChatHost> StartAsync(CountingFilter filter, TimeSpan? clientTimeout = null) => ChatHost.StartAsync(options =>
        options.Build = builder => builder.Services.AddSignalR(hub =>
        {
            hub.AddFilter(filter);
            hub.ClientTimeoutInterval = clientTimeout ?? hub.ClientTimeoutInterval;
        }));

    private static async Task<RawSocket> ConnectAsync(ChatHost host, string user)
    {
        var socket = new RawSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + user);
        await socket.ConnectAsync(host.Url("hub"));
        await socket.HandshakeAsync();
        var hello = await socket.InvokeAsync("h", "Hello", """[{"versions":[1],"device":"raw"}]""");
        Assert.Equal(1, hello.GetProperty("result").GetProperty("version").GetInt32());
        return socket;
    }

    private static string Send(int id, string text) => $$"""{"t":"send","id":"{{id}}","to":"carl","text":"{{text}}"}""";

    private static string Call(string command) => $$"""{"type":1,"target":"Frames","arguments":[[{{command}}]]}""";

    private static async Task AcceptedAsync(RawSocket socket, int id)
    {
        var events = new List<JsonElement>();
        await socket.ReadUntilAsync(
            _ => events.Exists(one => one.GetProperty("t").GetString() == "accepted"
                && one.GetProperty("id").GetString() == id.ToString(System.Globalization.CultureInfo.InvariantCulture)), events);
    }

    private sealed class CountingFilter : IHubFilter
    {
        private readonly List<string> seen = [];

        public IReadOnlyList<string> Seen
        {
            get
            {
                lock (seen)
                {
                    return [.. seen];
                }
            }
        }

        public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
        {
            lock (seen)
            {
                seen.Add(invocationContext.HubMethodName);
            }

            return next(invocationContext);
        }
    }
}
