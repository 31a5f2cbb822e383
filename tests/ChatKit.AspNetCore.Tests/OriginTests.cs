using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using ChatKit.AspNetCore.Tests.Hosting;

namespace ChatKit.AspNetCore.Tests;

public sealed class OriginTests
{
    private const string Friend = "https://friend.example.com";
    private const string Foe = "https://foe.example.com";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Foe, false)]
    [InlineData("null", false)]
    [InlineData(Friend, true)]
    [InlineData(Friend + ":444", false)]
    [InlineData("http://friend.example.com", false)]
    [InlineData("own", true)]
    [InlineData(null, true)]
    public async Task A_cookie_opens_the_hub_only_from_allowed_origins(string? origin, bool allowed)
    {
        await using var host = await ChatHost.StartAsync(o => o.Web = web => web.AllowedOrigins.Add(Friend));
        using var browser = await host.BrowserAsync("alice");
        origin = origin == "own" ? host.Address.GetLeftPart(UriPartial.Authority) : origin;
        foreach (var (method, path) in new[] { ("POST", "hub/negotiate?negotiateVersion=1"), ("GET", "hub?id=none"), ("POST", "hub?id=none") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var answer = await browser.SendAsync(request, Stop);
            if (allowed)
            {
                Assert.NotEqual(HttpStatusCode.Forbidden, answer.StatusCode);
            }
            else
            {
                await Problem.ExpectAsync(answer, HttpStatusCode.Forbidden, "forbidden_origin");
            }
        }
    }

    [Theory]
    [InlineData(Foe, false)]
    [InlineData(Friend, true)]
    public async Task A_WebSocket_with_a_cookie_is_opened_only_from_allowed_origins(string origin, bool allowed)
    {
        await using var host = await ChatHost.StartAsync(o => o.Web = web => web.AllowedOrigins.Add(Friend));
        await using var socket = new RawSocket();
        socket.Options.Cookies = await CookiesAsync(host, "alice");
        socket.Options.SetRequestHeader("Origin", origin);
        if (allowed)
        {
            await socket.ConnectAsync(host.Url("hub"));
            await socket.HandshakeAsync();
        }
        else
        {
            var refused = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(host.Url("hub")));
            Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_foreign_page_gains_nothing_by_a_token_of_its_own_beside_the_users_cookie()
    {
        await using var host = await ChatHost.StartAsync(o => o.Web = web => web.AcceptQueryToken = false);
        await using var socket = new RawSocket();
        socket.Options.Cookies = await CookiesAsync(host, "alice");
        socket.Options.SetRequestHeader("Origin", Foe);
        var hub = new Uri(host.Url("hub") + "?access_token=mallory");
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(hub));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_the_query_replaces_the_cookie_as_a_whole()
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = new RawSocket();
        socket.Options.Cookies = await CookiesAsync(host, "alice");
        socket.Options.SetRequestHeader("Origin", Foe);
        await socket.ConnectAsync(new Uri(host.Url("hub") + "?access_token=mallory"));
        await socket.HandshakeAsync();
        var reply = await socket.InvokeAsync("1", "Hello", """[{"versions":[1],"device":"d"}]""");
        Assert.Equal("mallory", reply.GetProperty("result").GetProperty("user").GetString());
    }

    [Fact]
    public async Task A_bearer_token_needs_no_origin_and_no_antiforgery()
    {
        await using var host = await ChatHost.StartAsync();
        using var alice = host.Http("alice");
        alice.DefaultRequestHeaders.Add("Origin", Foe);
        using var sent = await alice.PostAsJsonAsync("direct/bob/messages", new { text = "hi" }, Stop);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        using var hub = await alice.PostAsync("hub/negotiate?negotiateVersion=1", null, Stop);
        Assert.Equal(HttpStatusCode.OK, hub.StatusCode);
    }

    [Fact]
    public async Task A_write_with_a_cookie_needs_the_antiforgery_token()
    {
        await using var host = await ChatHost.StartAsync();
        using var browser = await host.BrowserAsync("alice");
        using var forged = await browser.PostAsJsonAsync("direct/bob/messages", new { text = "forged" }, Stop);
        await Problem.ExpectAsync(forged, HttpStatusCode.Forbidden, "forbidden_origin");

        using var answer = await browser.GetAsync("antiforgery", Stop);
        var tokens = await Problem.ReadAsync(answer);
        browser.DefaultRequestHeaders.Add(tokens.GetProperty("header").GetString()!, tokens.GetProperty("token").GetString());
        using var sent = await browser.PostAsJsonAsync("direct/bob/messages", new { text = "mine" }, Stop);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);

        // The same token from a foreign page, or of another user, is worth nothing.
        browser.DefaultRequestHeaders.Add("Origin", Foe);
        using var foreign = await browser.PostAsJsonAsync("direct/bob/messages", new { text = "foreign" }, Stop);
        await Problem.ExpectAsync(foreign, HttpStatusCode.Forbidden, "forbidden_origin");
        using var mallory = await host.BrowserAsync("mallory");
        mallory.DefaultRequestHeaders.Add(tokens.GetProperty("header").GetString()!, tokens.GetProperty("token").GetString());
        using var stolen = await mallory.PostAsJsonAsync("direct/bob/messages", new { text = "stolen" }, Stop);
        await Problem.ExpectAsync(stolen, HttpStatusCode.Forbidden, "forbidden_origin");
    }

    [Theory]
    [InlineData("PUT", "conversations/g_1/messages/1")]
    [InlineData("DELETE", "conversations/g_1/messages/1")]
    [InlineData("POST", "groups")]
    [InlineData("DELETE", "conversations/g_1/members/bob")]
    [InlineData("POST", "conversations/g_1/typing")]
    public async Task No_write_is_without_antiforgery(string method, string path)
    {
        await using var host = await ChatHost.StartAsync();
        using var browser = await host.BrowserAsync("alice");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = JsonContent.Create(new { text = "x", title = "x", users = Array.Empty<string>(), typing = true }) };
        using var answer = await browser.SendAsync(request, Stop);
        await Problem.ExpectAsync(answer, HttpStatusCode.Forbidden, "forbidden_origin");
    }

    [Fact]
    public async Task A_form_is_refused_unread_even_with_the_token_in_it()
    {
        await using var host = await ChatHost.StartAsync();
        using var browser = await host.BrowserAsync("alice");
        using var answer = await browser.GetAsync("antiforgery", Stop);
        var token = (await Problem.ReadAsync(answer)).GetProperty("token").GetString()!;
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]);
        using var posted = await browser.PostAsync("direct/bob/messages", form, Stop);
        await Problem.ExpectAsync(posted, HttpStatusCode.Forbidden, "forbidden_origin");
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_writes_with_cookie_and_token()
    {
        await using var host = await ChatHost.StartAsync(o => o.Web = web => web.AllowedOrigins.Add(Friend));
        using var browser = await host.BrowserAsync("alice");
        browser.DefaultRequestHeaders.Add("Origin", Friend);
        using var answer = await browser.GetAsync("antiforgery", Stop);
        var tokens = await Problem.ReadAsync(answer);
        browser.DefaultRequestHeaders.Add(tokens.GetProperty("header").GetString()!, tokens.GetProperty("token").GetString());
        using var sent = await browser.PostAsJsonAsync("direct/bob/messages", new { text = "from the app" }, Stop);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
    }

    [Fact]
    public async Task A_page_of_a_foreign_site_reads_nothing_with_the_cookie()
    {
        await using var host = await ChatHost.StartAsync();
        using var browser = await host.BrowserAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Get, "sync?wait=0");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await browser.SendAsync(request, Stop);
        await Problem.ExpectAsync(answer, HttpStatusCode.Forbidden, "forbidden_origin");
    }

    private static async Task<CookieContainer> CookiesAsync(ChatHost host, string user)
    {
        var cookies = new CookieContainer();
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies });
        using var signedIn = await client.PostAsync(new Uri(host.Address, "/signin/" + user), null, Stop);
        signedIn.EnsureSuccessStatusCode();
        return cookies;
    }
}
