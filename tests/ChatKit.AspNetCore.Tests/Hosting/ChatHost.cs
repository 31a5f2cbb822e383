using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>A host app with ChatKit on a real Kestrel and a free port. Users sign in by <c>Authorization: Bearer NAME</c>, by the header
/// <c>X-User</c>, or by a cookie (<c>POST /signin/NAME</c>).</summary>
internal sealed class ChatHost : IAsyncDisposable
{
    private const string AnyScheme = "Any";
    private readonly ChatHostOptions options;
    private readonly ITestStore? store;

    private ChatHost(WebApplication app, LogSink log, ChatHostOptions options, ITestStore? store)
    {
        this.store = store;
        App = app;
        Log = log;
        this.options = options;
        Address = new Uri(app.Urls.First());
    }

    public WebApplication App { get; }

    public LogSink Log { get; }

    public Uri Address { get; }

    public IChatKit Chat => App.Services.GetRequiredService<IChatKit>();

    public Uri Url(string path) => new(Address, options.Pattern.TrimEnd('/') + "/" + path);

    public static async Task<ChatHost> StartAsync(Action<ChatHostOptions>? configure = null)
    {
        var options = new ChatHostOptions();
        configure?.Invoke(options);
        var log = new LogSink();
        var store = options.Store is null ? await StoreUnderTest.CreateAsync() : null;
        options.Store ??= store!.Use;
        var app = Build(options, options.Store, log);
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            return new ChatHost(app, log, options, store);
        }
        catch
        {
            await app.DisposeAsync();
            await (store?.DisposeAsync() ?? default);
            throw;
        }
    }

    /// <summary>A client that signs in with a bearer token; null for nobody.</summary>
    public HttpClient Http(string? user)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Url("") };
        if (user is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user);
        }

        return client;
    }

    /// <summary>A client that is signed in by a cookie, as a browser is.</summary>
    public async Task<HttpClient> BrowserAsync(string user)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Url("") };
        using var signedIn = await client.PostAsync(new Uri(Address, "/signin/" + user), null, TestContext.Current.CancellationToken);
        signedIn.EnsureSuccessStatusCode();
        return client;
    }

    /// <summary>A connection to the hub that is not started; null for nobody.</summary>
    public HubConnectionBuilder Hub(string? user, HttpTransportType transport = HttpTransportType.WebSockets, Action<Microsoft.AspNetCore.Http.Connections.Client.HttpConnectionOptions>? configure = null)
    {
        var builder = new HubConnectionBuilder();
        builder.WithUrl(Url("hub"), transport, http =>
        {
            if (user is not null)
            {
                http.AccessTokenProvider = () => Task.FromResult<string?>(user);
            }

            configure?.Invoke(http);
        });
        return builder;
    }

    /// <summary>Connects and says Hello.</summary>
    public async Task<HubClient> ConnectAsync(string user, string device = "phone", HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var client = await HubClient.StartAsync(Hub(user, transport).Build());
        var reply = await client.HelloAsync(device);
        Assert.Null(reply.Code);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await (store?.DisposeAsync() ?? default);
    }

    private static WebApplication Build(ChatHostOptions options, Action<IChatKitBuilder> store, LogSink log)
    {
        // Development shows exceptions to everyone who asks: ChatKit must not even there.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information);
        builder.Services.AddAuthentication(AnyScheme)
            .AddPolicyScheme(AnyScheme, null, any => any.ForwardDefaultSelector = context =>
                context.Request.Headers.ContainsKey("Authorization") || context.Request.Headers.ContainsKey(TestSignIn.Header)
                    ? TestSignIn.Scheme : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, TestSignIn>(TestSignIn.Scheme, null)
            .AddCookie();
        builder.Services.AddAuthorization();
        var chat = builder.Services.AddChatKit(options.Chat).ConfigureWeb(options.Web);
        store(chat);
        options.Build(builder);
        var app = builder.Build();
        options.Use(app);
        app.MapPost("/signin/{user}", (string user, HttpContext context) => context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme, TestSignIn.Principal(user, CookieAuthenticationDefaults.AuthenticationScheme)));
        options.Map(app.MapChatKit(options.Pattern));
        return app;
    }
}
