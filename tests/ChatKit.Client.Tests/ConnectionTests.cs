using ChatKit.Client.Tests.Fakes;
using ChatKit.Wire;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Time.Testing;

namespace ChatKit.Client.Tests;

public sealed class ConnectionTests
{
    private static readonly ConversationId Group = new("g_1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("device_revoked", ChatErrorCode.DeviceRevoked)]
    [InlineData("unsupported_version", ChatErrorCode.UnsupportedVersion)]
    [InlineData("invalid", ChatErrorCode.Invalid)]
    public async Task A_definitive_refusal_at_hello_ends_the_start(string wire, ChatErrorCode code)
    {
        await using var server = await FakeServer.StartAsync();
        server.Welcome = _ => new HelloReply { Code = wire, Message = "no" };
        await using var chat = new ChatClient(server.Options());
        var error = await Assert.ThrowsAsync<ChatClientException>(() => chat.StartAsync(Cancelled).WaitAsync(FakeServer.Patience, Cancelled));
        Assert.Equal(code, error.Code);
        Assert.Equal(ChatConnectionState.Stopped, chat.State);

        server.Welcome = _ => FakeServer.Welcomed();
        await chat.StartAsync(Cancelled).WaitAsync(FakeServer.Patience, Cancelled);
        Assert.Equal(ChatConnectionState.Connected, chat.State);
    }

    [Theory]
    [InlineData(401, ChatErrorCode.Unauthenticated)]
    [InlineData(403, ChatErrorCode.Forbidden)]
    [InlineData(404, ChatErrorCode.NotFound)]
    public async Task A_definitive_refusal_of_the_door_ends_the_start(int status, ChatErrorCode code)
    {
        await using var server = await FakeServer.StartAsync();
        server.HttpRefusal = status;
        await using var chat = new ChatClient(server.Options());
        var error = await Assert.ThrowsAsync<ChatClientException>(() => chat.StartAsync(Cancelled).WaitAsync(FakeServer.Patience, Cancelled));
        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_is_asked_for_anew_once()
    {
        var reasons = new List<TokenReason>();
        await using var server = await FakeServer.StartAsync();
        server.HttpRefusal = 401;
        var o = server.Options();
        var accepts = false;
        await using var chat = new ChatClient(new ChatClientOptions
        {
            Server = o.Server,
            DeviceId = o.DeviceId,
            TokenProvider = (reason, _) =>
            {
                reasons.Add(reason);
                server.HttpRefusal = accepts && reason == TokenReason.Renewal ? 0 : 401;
                return Task.FromResult<string?>("t");
            },
        });
        var error = await Assert.ThrowsAsync<ChatClientException>(() => chat.StartAsync(Cancelled).WaitAsync(FakeServer.Patience, Cancelled));
        Assert.Equal(ChatErrorCode.Unauthenticated, error.Code);
        Assert.Equal([TokenReason.Connect, TokenReason.Renewal], reasons.Distinct());
        accepts = true;
        await chat.StartAsync(Cancelled).WaitAsync(FakeServer.Patience, Cancelled);
        Assert.Equal(ChatConnectionState.Connected, chat.State);
    }

    [Fact]
    public async Task The_start_waits_for_a_host_that_is_not_there_yet()
    {
        var tries = 0;
        await using var server = await FakeServer.StartAsync();
        server.HttpRefusal = 503;
        var o = server.Options();
        await using var chat = new ChatClient(new ChatClientOptions
        {
            Server = o.Server,
            DeviceId = o.DeviceId,
            ReconnectBaseDelay = o.ReconnectBaseDelay,
            ReconnectMaxDelay = o.ReconnectMaxDelay,
            AccessTokenProvider = _ =>
            {
                server.HttpRefusal = Interlocked.Increment(ref tries) < 3 ? 503 : 0;
                return Task.FromResult<string?>("t");
            },
        });
        await chat.StartAsync(Cancelled).WaitAsync(FakeServer.Patience, Cancelled);
        Assert.True(tries >= 3);
    }

    [Fact]
    public async Task Cancelling_the_start_stops()
    {
        await using var server = await FakeServer.StartAsync();
        server.HttpRefusal = 503;
        await using var chat = new ChatClient(server.Options());
        using var cancel = new CancellationTokenSource();
        var starting = chat.StartAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(FakeServer.Patience, Cancelled));
        Assert.Equal(ChatConnectionState.Stopped, chat.State);
    }

    [Fact]
    public async Task A_goodbye_for_now_connects_again_and_a_revoked_device_stops()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        await server.HelloAsync();
        await server.PushAsync(new EventFrame { T = EventTags.Goodbye, Code = "shutting_down" });
        var lost = await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Reconnecting);
        Assert.Equal(ChatErrorCode.ShuttingDown, lost.Error!.Code);
        await server.HelloAsync();
        await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Connected);
        await server.PushAsync(new EventFrame { T = EventTags.Goodbye, Code = "device_revoked", Message = "revoked" });
        var stopped = await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Stopped);
        Assert.Equal(ChatErrorCode.DeviceRevoked, stopped.Error!.Code);
        Assert.Equal(ChatConnectionState.Stopped, chat.State);
        var error = await Assert.ThrowsAsync<ChatClientException>(() => chat.GetConversationsAsync(cancellationToken: Cancelled));
        Assert.Equal(ChatErrorCode.Unavailable, error.Code);
    }

    [Fact]
    public async Task Another_user_on_the_same_client_is_refused()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        server.Welcome = _ => FakeServer.Welcomed() with { User = "eve" };
        server.Cut();
        var stopped = await events.NextAsync<ConnectionChanged>(c => c.State == ChatConnectionState.Stopped);
        Assert.Equal(ChatErrorCode.Forbidden, stopped.Error!.Code);
        Assert.Equal("ann", chat.User!.Value.Value);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Every_transport_carries_both_ways(HttpTransportType transport)
    {
        await using var server = await FakeServer.StartAsync();
        server.Answer = c => c.T == CommandTags.Send ? [Say.Accepted(c, Group.Value, 1)] : [];
        var o = server.Options();
        await using var chat = new ChatClient(new ChatClientOptions { Server = o.Server, DeviceId = o.DeviceId, Transports = transport });
        await chat.StartAsync(Cancelled);
        var sent = await chat.Conversation(Group).SendAsync("Hi", Cancelled);
        await sent.Accepted.WaitAsync(FakeServer.Patience, Cancelled);
    }

    [Fact]
    public async Task Every_reader_gets_every_event_and_a_lagging_one_loses_only_its_own_stream()
    {
        await using var server = await FakeServer.StartAsync();
        var o = server.Options();
        await using var chat = new ChatClient(new ChatClientOptions { Server = o.Server, DeviceId = o.DeviceId, EventBuffer = 16 });
        var lagging = chat.Events(Cancelled);
        await using var one = new EventReader(chat);
        await using var two = new EventReader(chat);
        await chat.StartAsync(Cancelled);
        for (var i = 1; i <= 30; i++)
        {
            await server.PushAsync(Say.Message("g_1", i));
            Assert.Equal(i, (await one.NextAsync<MessageReceived>()).Message.Seq);
            Assert.Equal(i, (await two.NextAsync<MessageReceived>()).Message.Seq);
        }

        Assert.Equal(one.Seen, two.Seen);
        var got = new List<ChatEvent>();
        var error = await Assert.ThrowsAsync<ChatClientException>(async () =>
        {
            await foreach (var e in lagging)
            {
                got.Add(e);
            }
        });
        Assert.Equal(ChatErrorCode.SlowConsumer, error.Code);
        Assert.Equal(one.Seen.Take(16), got);
    }

    [Fact]
    public async Task Disposal_with_sends_in_flight_ends_everything()
    {
        await using var server = await FakeServer.StartAsync();
        var chat = new ChatClient(server.Options());
        var events = chat.Events(Cancelled);
        await chat.StartAsync(Cancelled);
        var sent = await chat.Conversation(Group).SendAsync("Hi", Cancelled);
        await server.NextAsync(CommandTags.Send);
        var asked = chat.GetConversationsAsync(cancellationToken: Cancelled);
        await server.NextAsync(CommandTags.Conversations);

        await chat.DisposeAsync().AsTask().WaitAsync(FakeServer.Patience, Cancelled);
        await chat.DisposeAsync();

        Assert.Equal(ChatErrorCode.Unavailable, (await Assert.ThrowsAsync<ChatClientException>(() => sent.Accepted)).Code);
        Assert.Equal(ChatErrorCode.Unavailable, (await Assert.ThrowsAsync<ChatClientException>(() => asked)).Code);
        ChatEvent? last = null;
        await foreach (var e in events)
        {
            last = e; // the stream ends
        }

        Assert.Equal(ChatConnectionState.Stopped, Assert.IsType<ConnectionChanged>(last).State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => chat.Conversation(Group).SendAsync("late", Cancelled));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => chat.StartAsync(Cancelled));
    }

    [Fact]
    public void Waits_have_full_jitter_under_a_bound_that_doubles()
    {
        var backoff = new Connection.Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 1);
        for (var attempt = 0; attempt < 60; attempt++)
        {
            var bound = Math.Min(30, Math.Pow(2, attempt));
            var waits = Enumerable.Range(0, 400).Select(_ => backoff.Next(attempt).TotalSeconds / bound).ToList();
            Assert.All(waits, w => Assert.InRange(w, 0, 1));
            Assert.InRange(waits.Average(), 0.4, 0.6);
            Assert.InRange(waits.Min(), 0, 0.05);
            Assert.InRange(waits.Max(), 0.95, 1);
        }
    }

    [Fact]
    public void Wrong_options_are_named_with_their_remedy()
    {
        static string Refusal(ChatClientOptions options) => Assert.Throws<ArgumentException>(() => new ChatClient(options)).Message;
        var server = new Uri("http://h/chat");
        Assert.Contains("MapChatKit", Refusal(new() { Server = new Uri("ftp://h"), DeviceId = "d" }), StringComparison.Ordinal);
        Assert.Contains("keep it", Refusal(new() { Server = server, DeviceId = "" }), StringComparison.Ordinal);
        Assert.Contains("OutboxGiveUp", Refusal(new() { Server = server, DeviceId = "d", OutboxGiveUp = TimeSpan.FromDays(15) }), StringComparison.Ordinal);
        Assert.Contains("ReconnectMaxDelay", Refusal(new() { Server = server, DeviceId = "d", ReconnectMaxDelay = TimeSpan.Zero }), StringComparison.Ordinal);
        Assert.Contains("Transports", Refusal(new() { Server = server, DeviceId = "d", Transports = HttpTransportType.None }), StringComparison.Ordinal);
    }
}
