using System.Net;
using ChatKit.AspNetCore.Hubs;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Client;
using ChatKit.Wire;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>The sign-in of a live connection: renewed without losing the connection, announced, and cut when it is not renewed.</summary>
public sealed class RenewalTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly TokenIssuer issuer = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task The_client_renews_in_time_and_loses_neither_connection_nor_messages(HttpTransportType transport)
    {
        await using var host = await ChatHost.StartAsync(issuer.Use);
        var reasons = new List<TokenReason>();
        await using var chat = new ChatClient(new ChatClientOptions
        {
            Server = host.Url(""),
            DeviceId = "phone",
            Transports = transport,
            TimeProvider = issuer.Clock,
            TokenProvider = (reason, _) =>
            {
                lock (reasons)
                {
                    reasons.Add(reason);
                }

                return Task.FromResult<string?>(issuer.Issue("anna", Hour));
            },
        });
        await chat.StartAsync(Stop);
        var connections = host.App.Services.GetRequiredService<ChatHubConnections>();
        var id = Assert.Single(connections.Contexts).ConnectionId;
        var sent = new List<Task<SentMessage>>();
        for (var round = 0; round < 2; round++)
        {
            var before = connections.All.Single().Expires;
            issuer.Clock.Shift += Hour - TimeSpan.FromSeconds(30);
            await Eventually.TrueAsync(async () =>
            {
                // Messages go on while the token is renewed.
                sent.Add((await chat.Direct("ben").SendAsync($"m{sent.Count}", Stop)).Accepted);
                return connections.All.Single().Expires != before;
            });
        }

        var seqs = (await Task.WhenAll(sent).WaitAsync(Person.Patience, Stop)).Select(message => message.Seq).ToList();
        Assert.Equal(Enumerable.Range(2, seqs.Count).Select(i => (long)i), seqs); // the creation of the conversation is 1
        Assert.Equal(id, Assert.Single(connections.Contexts).ConnectionId);
        Assert.Equal(ChatConnectionState.Connected, chat.State);
        Assert.Equal(TokenReason.Connect, reasons[0]);
        Assert.True(reasons.Count(reason => reason == TokenReason.Renewal) >= 2);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Not_renewed_it_is_announced_and_then_cut_with_a_code(HttpTransportType transport)
    {
        await using var host = await ChatHost.StartAsync(issuer.Use);
        await using var anna = await host.ConnectAsync(issuer.Issue("anna", Hour), transport: transport);
        await anna.AskAsync(new CommandFrame { T = CommandTags.Conversations });
        Assert.False(anna.Has(e => e.T == EventTags.TokenExpiring));

        issuer.Clock.Shift += Hour - TimeSpan.FromSeconds(30);
        var announced = await anna.NextAsync(e => e.T == EventTags.TokenExpiring);
        Assert.InRange(announced.Until!.Value - issuer.Clock.GetUtcNow(), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(31));

        issuer.Clock.Shift += TimeSpan.FromSeconds(31);
        if (transport != HttpTransportType.LongPolling)
        {
            // Of long polling the next request may be refused before it can carry the goodbye.
            Assert.Equal("token_expired", (await anna.NextAsync(e => e.T == EventTags.Goodbye)).Code);
        }

        await anna.Closed;
        await Eventually.TrueAsync(() => !host.App.Services.GetRequiredService<ChatHubConnections>().All.Any(connection => connection.Session is { IsEnding: false }));
    }

    [Fact]
    public async Task The_client_comes_back_with_a_new_token_after_it_was_cut()
    {
        await using var host = await ChatHost.StartAsync(issuer.Use);
        await using var chat = new ChatClient(new ChatClientOptions
        {
            Server = host.Url(""),
            DeviceId = "phone",
            TimeProvider = issuer.Clock,
            TokenProvider = (reason, _) => reason == TokenReason.Renewal
                ? throw new InvalidOperationException("The identity provider is away.")
                : Task.FromResult<string?>(issuer.Issue("anna", Hour)),
        });
        await chat.StartAsync(Stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(Person.Patience);
        var events = chat.Events(patience.Token);
        issuer.Clock.Shift += Hour;
        var seen = new List<string>();
        await foreach (var changed in events.OfType<ConnectionChanged>())
        {
            seen.Add($"{changed.State} {changed.Error?.Code}");
            if (changed.State == ChatConnectionState.Connected)
            {
                break;
            }
        }

        Assert.Equal(["Reconnecting TokenExpired", "Connected "], seen);
    }

    [Fact]
    public async Task A_renewal_with_a_wrong_token_is_refused_and_the_old_expiry_stays()
    {
        await using var host = await ChatHost.StartAsync(options =>
        {
            issuer.Use(options);
            options.Web = web => web.TenantClaim = TestSignIn.TenantClaim;
        });
        await using var anna = await HubClient.StartAsync(host.Hub(issuer.Issue("anna", Hour, "north")).Build());
        var early = await RenewAsync(anna, issuer.Issue("anna", Hour, "north"));
        Assert.Equal("hello_required", early.Code);
        var hello = await anna.HelloAsync("phone");
        Assert.InRange(hello.Expires!.Value - issuer.Clock.GetUtcNow(), TimeSpan.FromMinutes(59), Hour);

        var (old, expired) = (issuer.Issue("anna", Hour, "north"), issuer.Issue("anna", TimeSpan.FromMinutes(1), "north"));
        issuer.Clock.Shift += TimeSpan.FromMinutes(2);
        (string? Token, string Code)[] wrong =
        [
            (issuer.Issue("ben", Hour, "north"), "forbidden"),
            (issuer.Issue("anna", Hour, "south"), "forbidden"),
            (issuer.Issue("anna", Hour), "unauthenticated"), // no tenant
            (expired, "unauthenticated"),
            (old[..^2] + "xx", "unauthenticated"),
            ("chatkit.AAAA", "unauthenticated"),
            ("", "invalid"),
            (null, "invalid"),
            ("two words", "invalid"),
            (new string('x', 20_000), "too_large"),
        ];
        foreach (var (token, code) in wrong)
        {
            var reply = await RenewAsync(anna, token);
            Assert.Equal((code, hello.Expires), (reply.Code, reply.Expires));
        }

        Assert.Equal("invalid", (await anna.Connection.InvokeAsync<RenewReply>("Renew", 17, Stop)).Code); // no object
        var good = await RenewAsync(anna, issuer.Issue("anna", 2 * Hour, "north"));
        Assert.Null(good.Code);
        Assert.InRange(good.Expires!.Value - issuer.Clock.GetUtcNow(), TimeSpan.FromMinutes(119), 2 * Hour);
    }

    [Fact]
    public async Task A_renewal_must_satisfy_the_policy_of_the_host()
    {
        // The scheme of the policy is not the default one, and it asks for a claim.
        await using var host = await ChatHost.StartAsync(options =>
        {
            issuer.Use(options);
            options.Build += builder => builder.Services.AddAuthorization(authorization => authorization.AddPolicy("chat", policy => policy
                .AddAuthenticationSchemes("Bearer").RequireAuthenticatedUser().RequireClaim(TestSignIn.TenantClaim)));
            options.Build += builder => builder.Services.AddAuthentication("Any");
            options.Map = map => map.RequireAuthorization("chat");
        });
        await using var anna = await host.ConnectAsync(issuer.Issue("anna", Hour, "north"));
        Assert.Equal("forbidden", (await RenewAsync(anna, issuer.Issue("anna", Hour))).Code);
        Assert.Equal("unauthenticated", (await RenewAsync(anna, "anna")).Code); // good for the default scheme of this host only
        Assert.Null((await RenewAsync(anna, issuer.Issue("anna", Hour, "north"))).Code);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_cookie_is_renewed_by_an_http_call(HttpTransportType transport)
    {
        // A cookie lives 14 days here and slides: a request in its second half makes it anew.
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => builder.Services.AddSingleton<TimeProvider>(issuer.Clock));
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = host.Url("") };
        using var signedIn = await browser.PostAsync(new Uri(host.Address, "/signin/anna"), null, Stop);
        signedIn.EnsureSuccessStatusCode();
        await using var anna = await HubClient.StartAsync(host.Hub(null, transport, http => http.Cookies = cookies).Build());
        var hello = await anna.HelloAsync("phone");
        Assert.InRange(hello.Expires!.Value - issuer.Clock.GetUtcNow(), TimeSpan.FromDays(13), TimeSpan.FromDays(14));
        await anna.AskAsync(new CommandFrame { T = CommandTags.Conversations });

        issuer.Clock.Shift += TimeSpan.FromDays(14) - TimeSpan.FromSeconds(45);
        await anna.NextAsync(e => e.T == EventTags.TokenExpiring);
        using var forged = await browser.PostAsync("renewal", null, Stop);
        await Problem.ExpectAsync(forged, HttpStatusCode.Forbidden, "forbidden_origin");
        var antiforgery = await Problem.ReadAsync(await browser.GetAsync("antiforgery", Stop));
        browser.DefaultRequestHeaders.Add(antiforgery.GetProperty("header").GetString()!, antiforgery.GetProperty("token").GetString());
        using var answer = await browser.PostAsync("renewal", null, Stop);
        var token = (await Problem.ReadAsync(answer)).GetProperty("token").GetString();
        await using var ben = await HubClient.StartAsync(host.Hub("ben").Build());
        await ben.HelloAsync("phone");
        Assert.Equal("forbidden", (await RenewAsync(ben, token)).Code); // good for its owner only
        var renewed = await RenewAsync(anna, token);
        Assert.Null(renewed.Code);
        Assert.InRange(renewed.Expires!.Value - issuer.Clock.GetUtcNow(), TimeSpan.FromDays(13), TimeSpan.FromDays(14));

        issuer.Clock.Shift += TimeSpan.FromMinutes(2);
        Assert.Equal("unauthenticated", (await RenewAsync(anna, token)).Code); // good for a minute only
        Assert.NotNull((await anna.AskAsync(new CommandFrame { T = CommandTags.Conversations })).Conversations);
    }

    [Fact]
    public async Task Http_and_the_long_poll_refuse_an_expired_token_and_a_poll_does_not_outlive_it()
    {
        await using var host = await ChatHost.StartAsync(issuer.Use);
        using var anna = host.Http(issuer.Issue("anna", Hour));
        using var first = await anna.GetAsync("sync?device=phone&wait=0", Stop);
        var next = (await Problem.ReadAsync(first)).GetProperty("next").GetString();
        issuer.Clock.Shift += Hour - TimeSpan.FromSeconds(2);
        var started = TimeProvider.System.GetTimestamp();
        using var last = await anna.GetAsync("sync?device=phone&wait=30&after=" + next, Stop);
        Assert.Empty((await Problem.ReadAsync(last)).GetProperty("events").EnumerateArray());
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(10));

        issuer.Clock.Shift += TimeSpan.FromSeconds(3);
        using var refused = await anna.GetAsync("sync?device=phone&wait=0", Stop);
        await Problem.ExpectAsync(refused, HttpStatusCode.Unauthorized, "unauthenticated");
        using var list = await anna.GetAsync("conversations", Stop);
        await Problem.ExpectAsync(list, HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_connection_without_hello_is_ended()
    {
        await using var host = await ChatHost.StartAsync(options => options.Web = web => web.HelloTimeout = TimeSpan.FromSeconds(1));
        await using var idle = await HubClient.StartAsync(host.Hub("anna").Build());
        await idle.Closed;
        Assert.Empty(host.App.Services.GetRequiredService<ChatHubConnections>().All);
    }

    private static Task<RenewReply> RenewAsync(HubClient client, string? token) =>
        client.Connection.InvokeAsync<RenewReply>("Renew", new RenewRequest { Token = token }, Stop);
}
