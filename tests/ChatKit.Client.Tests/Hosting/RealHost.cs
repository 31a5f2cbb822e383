using ChatKit.Client.Tests.Fakes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatKit.Client.Tests.Hosting;

/// <summary>A real host on a free port, its store in memory: the next host on the same port has another incarnation. Tokens are NAME, or NAME|TICKS
/// with the time they expire.</summary>
public sealed class RealHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private RealHost(WebApplication app)
    {
        this.app = app;
        var address = new Uri(app.Urls.Single());
        Port = address.Port;
        Server = new Uri(address, "/chat");
    }

    public int Port { get; }

    public Uri Server { get; }

    public IChatKit Chat => Service<IChatKit>();

    public static async Task<RealHost> StartAsync(TimeProvider? time = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddAuthentication(TokenSignIn.Scheme).AddScheme<AuthenticationSchemeOptions, TokenSignIn>(TokenSignIn.Scheme, null);
        builder.Services.AddAuthorization();
        builder.Services.AddChatKit().ConfigureWeb(web => web.RateLimits.Enabled = false).UseInMemory();
        var app = builder.Build();
        app.MapChatKit("/chat").RequireAuthorization();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RealHost(app);
    }

    public T Service<T>()
        where T : class => app.Services.GetRequiredService<T>();

    public ChatClient Client(string token, IClientStore? store = null) => Client((_, _) => Task.FromResult<string?>(token), store);

    public ChatClient Client(Func<TokenReason, CancellationToken, Task<string?>> tokens, IClientStore? store = null, TimeProvider? time = null) => new(new ChatClientOptions
    {
        Server = Server,
        DeviceId = "phone",
        Store = store,
        TimeProvider = time ?? TimeProvider.System,
        TokenProvider = tokens,
        ReconnectBaseDelay = TimeSpan.FromMilliseconds(20),
        ReconnectMaxDelay = TimeSpan.FromMilliseconds(200),
        CachedMessages = 100_000,
    });

    public async Task<ConversationId> CreateGroupAsync(string by, params string[] members)
    {
        var made = await Chat.CreateGroupAsync(
            new CreateGroup { By = new UserId(by), Title = "Group", Members = [.. members.Select(m => new UserId(m))] }, TestContext.Current.CancellationToken);
        Assert.True(made.IsSuccess);
        return made.Value.Conversation;
    }

    public async Task SendAsync(string from, ConversationId conversation, string text)
    {
        var sent = await Chat.SendAsync(
            new SendMessage { From = new UserId(from), Conversation = conversation, Body = System.Text.Encoding.UTF8.GetBytes(text) }, TestContext.Current.CancellationToken);
        Assert.True(sent.IsSuccess);
    }

    /// <summary>All messages of a conversation in their present state: position and text, null when deleted.</summary>
    public async Task<List<(long Seq, string? Text, string From)>> LogAsync(string viewer, ConversationId conversation)
    {
        var all = new List<(long, string?, string)>();
        for (long after = 0; ;)
        {
            var page = await Chat.GetMessagesAsync(
                new MessageQuery { Reader = new UserId(viewer), Conversation = conversation, After = after, Limit = 200 }, TestContext.Current.CancellationToken);
            Assert.True(page.IsSuccess);
            all.AddRange(page.Value.Messages.Select(static m =>
                (m.Seq, m.Erased ? null : System.Text.Encoding.UTF8.GetString(m.Body.Span), m.Sender.Value)));
            if (!page.Value.HasMore)
            {
                return all;
            }

            after = page.Value.To;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(FakeServer.Patience);
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }
}
