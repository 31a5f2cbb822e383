using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using ChatKit.AspNetCore.Hubs;
using ChatKit.AspNetCore.RateLimits;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Wire;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>Many connections, connections that say nothing, frames that are too much, readers that do not read.</summary>
public sealed class FloodTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_and_a_host_hold_only_so_many_connections_on_any_transport()
    {
        await using var host = await ChatHost.StartAsync(options => options.Web = web => (web.MaxConnectionsPerUser, web.MaxConnections) = (2, 3));
        await using var one = await host.ConnectAsync("anna", "one");
        await using (await host.ConnectAsync("anna", "two", HttpTransportType.LongPolling))
        {
            foreach (var stream in new[] { HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents })
            {
                await Assert.ThrowsAnyAsync<Exception>(() => HubClient.StartAsync(host.Hub("anna", stream).Build()));
            }

            await using var polling = await HubClient.StartAsync(host.Hub("anna", HttpTransportType.LongPolling).Build());
            var refused = await polling.HelloAsync("three");
            Assert.Equal(("rate_limited", 5000L), (refused.Code, refused.RetryAfter));
            using var http = host.Http("anna");
            using var poll = await http.GetAsync("sync?device=four&wait=0", Stop);
            await Problem.ExpectAsync(poll, HttpStatusCode.TooManyRequests, "rate_limited");

            await using var ben = await host.ConnectAsync("ben");
            using var cara = host.Http("cara");
            using var full = await cara.GetAsync("sync?device=d&wait=0", Stop);
            await Problem.ExpectAsync(full, HttpStatusCode.ServiceUnavailable, "overloaded");
        }

        // A place that was left is given to the next.
        await using var next = await Person.ConnectAsync(host, "anna", "next");
        await next.SendAsync(next, "in");
    }

    [Fact]
    public async Task Half_open_connections_are_ended()
    {
        await using var host = await ChatHost.StartAsync(options => options.Web = web => web.HelloTimeout = TimeSpan.FromSeconds(1));
        await using var silent = new RawSocket();
        silent.Options.SetRequestHeader("Authorization", "Bearer anna");
        await silent.ConnectAsync(host.Url("hub"));
        string? last;
        do
        {
            last = await silent.ReadAsync(); // the handshake of SignalR that never came
        }
        while (last is not null);
    }

    [Fact]
    public async Task Frames_that_are_too_much_end_their_connection_and_nothing_else()
    {
        await using var host = await ChatHost.StartAsync(options => options.Web = web => web.MaxFrameBytes = web.MaxRequestBytes = 128 * 1024);
        await using var ben = await host.ConnectAsync("ben");
        var before = GC.GetTotalMemory(forceFullCollection: true);

        // Larger than allowed, in one message and in a body; never ending; nested deep; many in one.
        string[] wholes =
        [
            """{"type":1,"target":"Frames","arguments":[[{"t":"send","id":"1","to":"ben","text":" """ + new string('x', 4 * 1024 * 1024) + "\"}]]}",
            """{"type":1,"target":"Frames","arguments":""" + new string('[', 60_000) + new string(']', 60_000) + "}",
            """{"type":1,"target":"Frames","arguments":[""" + new string('[', 1_000) + new string(']', 1_000) + "]}",
        ];
        foreach (var whole in wholes)
        {
            await using var socket = await OpenAsync(host);
            try
            {
                await socket.SendAsync(whole);
                while (await socket.ReadAsync() is not null)
                {
                    // Refusals, perhaps; then the end.
                }
            }
            catch (Exception exception) when (exception is WebSocketException or IOException)
            {
                // Cut while it still sent.
            }
        }

        await using var many = await HubClient.StartAsync(host.Hub("mallory").Build());
        await many.HelloAsync("d");
        var tiny = Enumerable.Range(0, 10_000).Select(i => new CommandFrame { T = "x" }).ToArray();
        await Assert.ThrowsAnyAsync<Exception>(() => many.FramesAsync(tiny[..300]));
        Assert.Equal("too_large", (await many.NextAsync(e => e.T == EventTags.Refused)).Code);

        await using var polling = await HubClient.StartAsync(host.Hub("mallory", HttpTransportType.LongPolling).Build());
        await polling.HelloAsync("e");
        await Assert.ThrowsAnyAsync<Exception>(() => polling.FramesAsync(new CommandFrame { T = CommandTags.Send, Id = "1", To = "ben", Text = new string('x', 4 * 1024 * 1024) }));

        Assert.Null((await ben.AskAsync(new CommandFrame { T = CommandTags.Conversations })).Code);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 * 1024 * 1024);
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_cut_and_the_others_see_no_delay()
    {
        // Rule 9, at the level of the socket: its buffers are full, and a write to it hangs.
        await using var host = await ChatHost.StartAsync(options =>
        {
            options.Chat = chat => chat.SlowConsumerTimeout = TimeSpan.FromSeconds(2);
            options.Web = web => web.RateLimits.Enabled = false;
        });
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var cara = await Person.ConnectAsync(host, "cara");
        var group = await anna.Client.CreateGroupAsync("g", [new UserId("ben"), cara.Id], cancellationToken: Stop);
        await using var ben = await DeafSocket.OpenAsync(host, "ben");
        var text = new string('x', 60_000);
        var latencies = new List<TimeSpan>();
        var connections = host.App.Services.GetRequiredService<ChatHubConnections>();
        var isCut = host.Log.WaitAsync(line => line.Event.Id == 1203 && line.Text.Contains("slow_consumer", StringComparison.Ordinal) && line.Text.Contains("ben", StringComparison.Ordinal));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; !isCut.IsCompleted; i++)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Person.Patience, "It was not cut.");
            var sentAt = Stopwatch.GetTimestamp();
            await Person.SendToAsync(group, $"{i} {text}");
            await cara.GetsAsync($"{i} {text}");
            latencies.Add(Stopwatch.GetElapsedTime(sentAt));
        }

        await isCut;
        await Eventually.TrueAsync(() => connections.All.Count() == 2);
        latencies.Sort();
        Assert.True(latencies.Count > 10, $"Only {latencies.Count} messages.");
        Assert.InRange(latencies[latencies.Count / 2], TimeSpan.Zero, TimeSpan.FromMilliseconds(500));
        Assert.InRange(latencies[^1], TimeSpan.Zero, TimeSpan.FromSeconds(2)); // less than the slow one was given
        TestContext.Current.SendDiagnosticMessage($"{latencies.Count} messages; latency p50 {latencies[latencies.Count / 2].TotalMilliseconds:F1} ms, max {latencies[^1].TotalMilliseconds:F1} ms");
    }

    private static async Task<RawSocket> OpenAsync(ChatHost host)
    {
        var socket = new RawSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer mallory");
        await socket.ConnectAsync(host.Url("hub"));
        await socket.HandshakeAsync();
        await socket.InvokeAsync("1", "Hello", """[{"versions":[1],"device":"d"}]""");
        return socket;
    }

    /// <summary>A socket with small buffers that never reads again after Hello.</summary>
    private sealed class DeafSocket : IAsyncDisposable
    {
        private readonly ClientWebSocket socket = new();
        private readonly SocketsHttpHandler handler = new();

        public static async Task<DeafSocket> OpenAsync(ChatHost host, string user)
        {
            var deaf = new DeafSocket();
            deaf.handler.ConnectCallback = async (context, cancellationToken) =>
            {
                var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                await tcp.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(tcp, ownsSocket: true);
            };
            deaf.socket.Options.SetRequestHeader("Authorization", "Bearer " + user);
            using var invoker = new HttpMessageInvoker(deaf.handler, disposeHandler: false);
            await deaf.socket.ConnectAsync(new UriBuilder(host.Url("hub")) { Scheme = "ws" }.Uri, invoker, Stop);
            foreach (var message in new[]
            {
                """{"protocol":"json","version":1}""",
                """{"type":1,"invocationId":"1","target":"Hello","arguments":[{"versions":[1],"device":"d"}]}""",
                """{"type":1,"target":"Frames","arguments":[[{"t":"activity"}]]}""",
            })
            {
                await deaf.socket.SendAsync(Encoding.UTF8.GetBytes(message + RawSocket.Separator), WebSocketMessageType.Text, true, Stop);
            }

            await Eventually.TrueAsync(() => host.App.Services.GetRequiredService<ChatHubConnections>().All.Any(connection => connection.Session?.User.Value == user));
            return deaf;
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            handler.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
