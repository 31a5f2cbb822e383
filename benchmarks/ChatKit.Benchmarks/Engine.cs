using System.Buffers;
using System.Buffers.Text;
using System.Text;
using ChatKit.Sessions;
using ChatKit.Tests.Shared;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChatKit.Benchmarks;

/// <summary>The engine without a door: pairs of users with a session each, whose transports copy what a socket would get.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly IHost host;
    private readonly List<ChatSession> senders = [];
    private readonly List<ChatSession> receivers = [];
    private readonly List<string> conversations = [];
    private readonly Arrivals arrivals = new();
    private readonly ArrayBufferWriter<byte> json = new(16 * 1024);
    private readonly string text;
    private long number;

    private Engine(IHost host, int textBytes)
    {
        this.host = host;
        text = new string('x', textBytes);
    }

    /// <param name="pairs">How many pairs of users.</param>
    /// <param name="textBytes">The length of a message.</param>
    /// <param name="keeps">Whether messages are stored, in memory; otherwise they are only numbered.</param>
    public static async Task<Engine> StartAsync(int pairs, int textBytes, bool keeps)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddChatKitCore().UseInMemory();
        if (!keeps)
        {
            builder.Services.Wrap<IMessageStore>(static memory => new ForgetfulStore(memory, TimeProvider.System));
        }

        var engine = new Engine(builder.Build(), textBytes);
        await engine.host.StartAsync();
        var seeds = engine.arrivals.Expect(pairs);
        for (var i = 0; i < pairs; i++)
        {
            var (one, other) = (new UserId($"pair{i}a"), new UserId($"pair{i}b"));
            engine.senders.Add(await engine.OpenAsync(one));
            engine.receivers.Add(await engine.OpenAsync(other));
            engine.conversations.Add(ConversationId.Direct(one, other).Value);
            await engine.host.Services.GetRequiredService<IChatKit>().SendAsync(SendMessage.Direct(one, other, "seed"));
        }

        await seeds;
        return engine;
    }

    /// <summary>Each pair's sender sends so many messages in one call, as bytes; waits until every receiver has them and every sender its
    /// acknowledgements; the devices acknowledge every 64.</summary>
    public async Task RoundAsync(int inFlight)
    {
        var done = arrivals.Expect(senders.Count * inFlight * 2);
        for (var i = 0; i < senders.Count; i++)
        {
            await senders[i].ReceiveAsync(Frames(conversations[i], inFlight));
        }

        await done;
        for (var i = 0; i < senders.Count; i++)
        {
            await AcknowledgeAsync(senders[i], conversations[i]);
            await AcknowledgeAsync(receivers[i], conversations[i]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    private async Task<ChatSession> OpenAsync(UserId user)
    {
        var outcome = await host.Services.GetRequiredService<SessionManager>().OpenAsync(
            user, new HelloRequest { Versions = [1], Device = "bench" }, new CountingTransport(user.Value, arrivals), CancellationToken.None);
        await outcome.Session!.ReceiveAsync([new CommandFrame { T = CommandTags.Ack, Cursors = [] }]);
        return outcome.Session;
    }

    private CommandFrame[] Frames(string conversation, int count)
    {
        json.ResetWrittenCount();
        for (var i = 0; i < count; i++)
        {
            Encoding.UTF8.GetBytes(i == 0 ? "[" : ",", json);
            Encoding.UTF8.GetBytes("{\"t\":\"send\",\"id\":\"", json);
            Utf8Formatter.TryFormat(++number, json.GetSpan(20), out var written);
            json.Advance(written);
            Encoding.UTF8.GetBytes("\",\"conversation\":\"", json);
            Encoding.UTF8.GetBytes(conversation, json);
            Encoding.UTF8.GetBytes("\",\"text\":\"", json);
            Encoding.UTF8.GetBytes(text, json);
            Encoding.UTF8.GetBytes("\"}", json);
        }

        Encoding.UTF8.GetBytes("]", json);
        return Door.Read(json.WrittenSpan)!;
    }

    private static ValueTask AcknowledgeAsync(ChatSession session, string conversation) =>
        session.ReceiveAsync([new CommandFrame { T = CommandTags.Ack, Cursors = [new WireCursor(conversation, long.MaxValue)] }]);
}
