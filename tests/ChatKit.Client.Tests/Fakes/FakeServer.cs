using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using ChatKit.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatKit.Client.Tests.Fakes;

/// <summary>A scripted host on a free port of the loopback: records what a client says and answers what the test tells it to.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<CommandFrame> commands = Channel.CreateUnbounded<CommandFrame>();
    private readonly Channel<HelloRequest> hellos = Channel.CreateUnbounded<HelloRequest>();
    private readonly WebApplication app;
    private HubCallerContext? connection;
    private TaskCompletionSource begun = new();
    private int calls;

    private FakeServer(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>How many calls of Frames came.</summary>
    public int Calls => calls;

    /// <summary>The status of every HTTP answer before the hub; 0: none.</summary>
    public int HttpRefusal { get; set; }

    public Func<HelloRequest, HelloReply> Welcome { get; set; } = _ => Welcomed();

    /// <summary>What is answered to a command at once, in order; nothing by default.</summary>
    public Func<CommandFrame, IEnumerable<EventFrame>> Answer { get; set; } = _ => [];

    /// <summary>All commands ever received, in order, without acknowledgements.</summary>
    public ConcurrentQueue<CommandFrame> Received { get; } = new();

    public static HelloReply Welcomed(bool reset = false, string incarnation = "i1") => new()
    {
        Version = 1,
        User = "ann",
        Incarnation = incarnation,
        Reset = reset,
        MaxBodyBytes = 65536,
        ActivityInterval = 30_000,
        Now = TimeProvider.System.GetUtcNow(),
    };

    public static async Task<FakeServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSignalR(o => o.MaximumReceiveMessageSize = 1 << 20)
            .AddJsonProtocol(j =>
            {
                j.PayloadSerializerOptions.TypeInfoResolverChain.Add(WireJson.Default);
                j.PayloadSerializerOptions.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver()); // for PushRawAsync
            });
        FakeServer? server = null;
        builder.Services.AddSingleton(_ => server!);
        var app = builder.Build();
        server = new FakeServer(app);
        app.Use((context, next) =>
        {
            if (server.HttpRefusal == 0)
            {
                return next(context);
            }

            context.Response.StatusCode = server.HttpRefusal;
            return Task.CompletedTask;
        });
        app.MapHub<FakeHub>("/chat/hub");
        await app.StartAsync();
        server.Address = new Uri(app.Urls.Single() + "/chat");
        return server;
    }

    public ChatClientOptions Options(TimeProvider? time = null, IClientStore? store = null) => new()
    {
        Server = Address,
        DeviceId = "d1",
        ReconnectBaseDelay = TimeSpan.FromMilliseconds(5),
        ReconnectMaxDelay = TimeSpan.FromMilliseconds(50),
        JitterSeed = 7,
        TimeProvider = time ?? TimeProvider.System,
        Store = store,
    };

    public HelloReply OnHello(HubCallerContext context, HelloRequest request)
    {
        connection = context;
        begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reply = Welcome(request);
        hellos.Writer.TryWrite(request);
        return reply;
    }

    public async Task OnFramesAsync(HubCallerContext context, IReadOnlyList<CommandFrame> frames)
    {
        Interlocked.Increment(ref calls);
        begun.TrySetResult();
        foreach (var frame in frames)
        {
            if (frame.T != CommandTags.Ack)
            {
                Received.Enqueue(frame);
            }

            if (frame is { T: CommandTags.Ack, Cursors.Count: 0 })
            {
                continue; // only lets the events begin
            }

            commands.Writer.TryWrite(frame);
            var answers = Answer(frame).ToList();
            if (answers.Count > 0)
            {
                await Hub.Clients.Client(context.ConnectionId).SendAsync("events", answers);
            }
        }
    }

    /// <summary>The next Hello.</summary>
    public Task<HelloRequest> HelloAsync() => hellos.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next command with this tag; others are passed over.</summary>
    public async Task<CommandFrame> NextAsync(string tag)
    {
        while (true)
        {
            var frame = await commands.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            if (frame.T == tag)
            {
                return frame;
            }
        }
    }

    public async Task<List<CommandFrame>> NextAsync(string tag, int count)
    {
        var list = new List<CommandFrame>();
        while (list.Count < count)
        {
            list.Add(await NextAsync(tag));
        }

        return list;
    }

    /// <summary>Sends events, once the client's first call of Frames has let them begin.</summary>
    public async Task PushAsync(params EventFrame[] events)
    {
        await begun.Task.WaitAsync(Patience);
        await Hub.Clients.Client(connection!.ConnectionId).SendAsync("events", events.ToList());
    }

    /// <summary>Events of any shape.</summary>
    public Task PushRawAsync(params object[] events) => Hub.Clients.Client(connection!.ConnectionId).SendAsync("events", events);

    /// <summary>Cuts the connection without a word.</summary>
    public void Cut() => connection!.Abort();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
    }

    private IHubContext<FakeHub> Hub => app.Services.GetRequiredService<IHubContext<FakeHub>>();
}
