using System.Text;
using System.Text.Json;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Wire;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests;

public sealed class HubTests
{
    private const string Hello = """[{"versions":[1],"device":"d"}]""";

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_message_goes_from_one_to_the_other_over_every_transport(HttpTransportType transport)
    {
        await using var host = await ChatHost.StartAsync();
        await using var alice = await host.ConnectAsync("alice", transport: transport);
        await using var bob = await host.ConnectAsync("bob", transport: transport);
        await bob.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        var accepted = await alice.AskAsync(new CommandFrame { T = CommandTags.Send, To = "bob", Text = "over " + transport });
        Assert.Equal(EventTags.Accepted, accepted.T);
        var entry = await bob.NextAsync(e => e.T == EventTags.Entry && e.Entry!.Kind == "message");
        Assert.Equal("over " + transport, entry.Entry!.Text);
        Assert.Equal(accepted.Seq, entry.Entry.Seq);
        Assert.Equal(accepted.Id, entry.Entry.Id);
    }

    [Fact]
    public async Task MessagePack_works_when_the_host_opts_in()
    {
        await using var host = await ChatHost.StartAsync(o => o.Build = builder => builder.Services.AddSignalR().AddMessagePackProtocol());
        await using var alice = await HubClient.StartAsync(((HubConnectionBuilder)host.Hub("alice").AddMessagePackProtocol()).Build());
        var reply = await alice.HelloAsync("d");
        Assert.Equal("alice", reply.User);
        await using var bob = await host.ConnectAsync("bob");
        await bob.FramesAsync(new CommandFrame { T = CommandTags.Activity });
        var accepted = await alice.AskAsync(new CommandFrame { T = CommandTags.Send, To = "bob", Text = "packed" });
        Assert.Equal(EventTags.Accepted, accepted.T);
        Assert.Equal("packed", (await bob.NextAsync(e => e.Entry?.Text is not null)).Entry!.Text);
        Assert.Equal("packed", (await alice.NextAsync(e => e.Entry?.Text is not null)).Entry!.Text);
    }

    [Fact]
    public async Task The_wire_has_camel_case_and_no_nulls_whatever_the_host_chose_for_its_own_hubs()
    {
        await using var host = await ChatHost.StartAsync(o => o.Build = builder => builder.Services.AddSignalR().AddJsonProtocol(json =>
        {
            json.PayloadSerializerOptions.PropertyNamingPolicy = null;
            json.PayloadSerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
        }));
        await using var socket = await OpenAsync(host, "alice");
        var reply = (await socket.InvokeAsync("1", "Hello", """[{"versions":[1],"device":"d","later":true}]""")).GetProperty("result");
        Assert.Equal("alice", reply.GetProperty("user").GetString());
        Assert.DoesNotContain(reply.EnumerateObject(), field => field.Value.ValueKind == JsonValueKind.Null);
        var events = new List<JsonElement>();
        await socket.InvokeAsync("2", "Frames", """[[{"t":"send","id":"a","to":"bob","text":"hi","later":1}]]""", events);
        while (!events.Any(e => e.GetProperty("t").GetString() == "accepted"))
        {
            await socket.ReadUntilAsync(message => message.TryGetProperty("target", out _), events);
        }

        Assert.All(events, e => Assert.DoesNotContain(e.EnumerateObject(), field => field.Value.ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public async Task A_command_before_Hello_is_answered_hello_required()
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = await OpenAsync(host, "alice");
        var events = new List<JsonElement>();
        await socket.InvokeAsync("1", "Frames", """[[{"t":"send","id":"a","to":"bob","text":"hi"}]]""", events);
        var refused = Assert.Single(events);
        Assert.Equal(("refused", "a", "hello_required"), (refused.GetProperty("t").GetString(), refused.GetProperty("id").GetString(), refused.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("""[{"versions":[2],"device":"d"}]""", "unsupported_version")]
    [InlineData("""[{"versions":[1]}]""", "invalid")]
    [InlineData("""[{"versions":"one","device":"d"}]""", "invalid")]
    [InlineData("""[5]""", "invalid")]
    [InlineData("""[null]""", "invalid")]
    public async Task A_refused_Hello_says_why_and_the_server_closes(string arguments, string code)
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = await OpenAsync(host, "alice");
        var reply = await socket.InvokeAsync("1", "Hello", arguments);
        Assert.Equal(code, reply.GetProperty("result").GetProperty("code").GetString());
        Assert.Equal(0, reply.GetProperty("result").GetProperty("version").GetInt32());
        await ClosedAsync(socket);
    }

    [Fact]
    public async Task A_second_Hello_is_refused_and_the_server_closes()
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = await OpenAsync(host, "alice");
        await socket.InvokeAsync("1", "Hello", Hello);
        var second = await socket.InvokeAsync("2", "Hello", Hello);
        Assert.Equal("invalid", second.GetProperty("result").GetProperty("code").GetString());
        await ClosedAsync(socket);
    }

    [Fact]
    public async Task Malformed_commands_are_refused_by_themselves_and_their_neighbours_are_done()
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = await OpenAsync(host, "alice");
        await socket.InvokeAsync("1", "Hello", Hello);
        var events = new List<JsonElement>();
        var done = await socket.InvokeAsync("2", "Frames", """
            [[5, null, {"t":"send","id":"bad","text":7}, {"t":{"x":[1]},"id":"worse"}, {"t":"send","id":"half","to":"bob","text":"\ud800"},
              {"t":"nonsense","id":"unknown"}, {"t":"send","id":"good","to":"bob","text":"hi"}]]
            """.ReplaceLineEndings(""), events);
        Assert.False(done.TryGetProperty("error", out _));
        while (!events.Any(e => e.GetProperty("t").GetString() == "accepted"))
        {
            await socket.ReadUntilAsync(message => message.TryGetProperty("target", out _), events);
        }

        var refused = events.Where(e => e.GetProperty("t").GetString() == "refused")
            .Select(e => (Id: e.TryGetProperty("id", out var id) ? id.GetString() : null, Code: e.GetProperty("code").GetString())).ToList();
        Assert.Equal([(null, "invalid"), (null, "invalid"), ("bad", "invalid"), ("worse", "invalid"), ("half", "invalid"), ("unknown", "unknown_command")], refused);
        Assert.Equal("good", events.Single(e => e.GetProperty("t").GetString() == "accepted").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("""[{"t":"activity"}]""")]
    [InlineData("""["activity"]""")]
    [InlineData("""[null]""")]
    public async Task What_is_no_array_of_commands_is_refused_and_the_connection_lives(string arguments)
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = await OpenAsync(host, "alice");
        await socket.InvokeAsync("1", "Hello", Hello);
        var events = new List<JsonElement>();
        await socket.InvokeAsync("2", "Frames", arguments, events);
        Assert.Equal("invalid", Assert.Single(events).GetProperty("code").GetString());
        await AliveAsync(socket);
    }

    [Theory]
    [InlineData("Frames", "[]")]
    [InlineData("Frames", "[[],[]]")]
    [InlineData("Nothing", "[1]")]
    public async Task A_call_of_another_shape_fails_alone(string target, string arguments)
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = await OpenAsync(host, "alice");
        await socket.InvokeAsync("1", "Hello", Hello);
        var answer = await socket.InvokeAsync("2", target, arguments);
        var error = answer.GetProperty("error").GetString()!;
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", error, StringComparison.Ordinal);
        await AliveAsync(socket);
    }

    [Fact]
    public async Task More_than_256_commands_are_refused_too_large_and_the_connection_lives()
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = await OpenAsync(host, "alice");
        await socket.InvokeAsync("1", "Hello", Hello);
        var events = new List<JsonElement>();
        string Many(int count) => "[[" + string.Join(',', Enumerable.Repeat("""{"t":"activity"}""", count)) + "]]";
        var full = await socket.InvokeAsync("2", "Frames", Many(256));
        Assert.False(full.TryGetProperty("error", out _));
        var answer = await socket.InvokeAsync("3", "Frames", Many(257), events);
        Assert.Contains("too_large", answer.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("too_large", Assert.Single(events).GetProperty("code").GetString());
        await AliveAsync(socket);
    }

    [Fact]
    public async Task A_frame_beyond_SignalRs_32_KB_is_taken_and_one_beyond_the_limit_ends_only_its_connection()
    {
        await using var host = await ChatHost.StartAsync();
        await using var bystander = await OpenAsync(host, "bob");
        await using var socket = await OpenAsync(host, "alice");
        await socket.InvokeAsync("1", "Hello", Hello);
        var events = new List<JsonElement>();
        await socket.InvokeAsync("2", "Frames", $$"""[[{"t":"send","id":"big","to":"bob","text":"{{new string('a', 60_000)}}"}]]""", events);
        while (!events.Any(e => e.GetProperty("t").GetString() == "accepted"))
        {
            await socket.ReadUntilAsync(message => message.TryGetProperty("target", out _), events);
        }

        await socket.SendAsync($$"""{"type":1,"target":"Frames","arguments":[[{"t":"send","id":"huge","to":"bob","text":"{{new string('a', 600_000)}}"}]]}""");
        await ClosedAsync(socket);
        await bystander.InvokeAsync("1", "Hello", Hello);
        await AliveAsync(bystander);
    }

    [Fact]
    public async Task The_end_of_a_connection_ends_its_session()
    {
        await using var host = await ChatHost.StartAsync();
        var registry = host.App.Services.GetRequiredService<ISessionRegistry>();
        var alice = await host.ConnectAsync("alice");
        Assert.Single((await registry.GetAsync([new UserId("alice")], TestContext.Current.CancellationToken))[0]);
        await alice.DisposeAsync();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(10));
        while ((await registry.GetAsync([new UserId("alice")], late.Token))[0].Count > 0)
        {
            await Task.Yield();
        }
    }

    private static async Task<RawSocket> OpenAsync(ChatHost host, string user)
    {
        var socket = new RawSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + user);
        await socket.ConnectAsync(host.Url("hub"));
        await socket.HandshakeAsync();
        return socket;
    }

    private static async Task AliveAsync(RawSocket socket)
    {
        var events = new List<JsonElement>();
        await socket.InvokeAsync("alive", "Frames", """[[{"t":"conversations","id":"alive"}]]""", events);
        while (!events.Any(e => e.TryGetProperty("id", out var id) && id.GetString() == "alive"))
        {
            await socket.ReadUntilAsync(message => message.TryGetProperty("target", out _), events);
        }
    }

    /// <summary>Reads until the server has closed; a close message of SignalR may come before.</summary>
    private static async Task ClosedAsync(RawSocket socket)
    {
        try
        {
            while (await socket.ReadAsync() is { } text)
            {
                Assert.NotEqual(3, JsonDocument.Parse(text).RootElement.GetProperty("type").GetInt32());
            }
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // Cut without a farewell of the socket: closed all the same.
        }
    }
}
