using System.Net;
using System.Net.Http.Json;
using System.Text;
using ChatKit.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatKit.AspNetCore.Tests;

public sealed class SignInTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sign_in_without_the_claim_is_401_and_the_log_names_the_setting()
    {
        await using var host = await ChatHost.StartAsync();
        using var client = host.Http("!nobody");
        using var answer = await client.GetAsync("conversations", Stop);
        await Problem.ExpectAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
        Assert.Contains(host.Log.Lines, line => line.Event.Id == 2001 && line.Text.Contains("UserIdClaim", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_with_tenants_lets_nobody_in_without_one_and_keeps_them_apart()
    {
        // Rule 17: the tenant comes from the sign-in and is part of every id.
        await using var host = await ChatHost.StartAsync(o => o.Web = web => web.TenantClaim = TestSignIn.TenantClaim);
        using var stray = host.Http("alice");
        using var refused = await stray.GetAsync("conversations", Stop);
        await Problem.ExpectAsync(refused, HttpStatusCode.Unauthorized, "unauthenticated");
        using var empty = host.Http("alice@");
        using var refusedToo = await empty.GetAsync("conversations", Stop);
        await Problem.ExpectAsync(refusedToo, HttpStatusCode.Unauthorized, "unauthenticated");

        using var alice = host.Http("alice@north");
        using var sent = await alice.PostAsJsonAsync("direct/bob/messages", new { text = "for the north" }, Stop);
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        using var north = host.Http("bob@north");
        using var read = await north.GetAsync("direct/alice/messages", Stop);
        Assert.Single((await Problem.ReadAsync(read)).GetProperty("messages").EnumerateArray());
        using var south = host.Http("bob@south");
        using var list = await south.GetAsync("conversations", Stop);
        Assert.Empty((await Problem.ReadAsync(list)).GetProperty("conversations").EnumerateArray());
    }

    [Fact]
    public async Task A_real_token_in_the_query_opens_the_socket_and_is_in_no_log_line()
    {
        var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes("a key of this test and of nothing else in the world"));
        await using var host = await ChatHost.StartAsync(o => o.Build = builder =>
            builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
            {
                jwt.MapInboundClaims = false;
                jwt.TokenValidationParameters = new TokenValidationParameters { IssuerSigningKey = key, ValidIssuer = "test", ValidAudience = "chat" };
            }));
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "test",
            Audience = "chat",
            Claims = new Dictionary<string, object> { ["sub"] = "alice" },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
        await using var socket = new RawSocket();
        socket.Options.SetRequestHeader("Origin", "https://spa.example.com");
        await socket.ConnectAsync(new Uri(host.Url("hub") + "?access_token=" + token));
        await socket.HandshakeAsync();
        var reply = await socket.InvokeAsync("1", "Hello", """[{"versions":[1],"device":"d"}]""");
        Assert.Equal("alice", reply.GetProperty("result").GetProperty("user").GetString());

        using var http = host.Http(null);
        using var negotiated = await http.PostAsync("hub/negotiate?negotiateVersion=1&Access_Token=" + token, null, Stop);
        Assert.Equal(HttpStatusCode.OK, negotiated.StatusCode);
        using var wrong = await http.PostAsync("hub/negotiate?negotiateVersion=1&access_token=" + token + "x", null, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);

        await host.Log.WaitAsync(line => line.Text.Contains("negotiate?negotiateVersion=1", StringComparison.Ordinal));
        Assert.Contains(host.Log.Lines, line => line.Level == LogLevel.Information && line.Text.Contains("/chat/hub", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Lines, line => line.Text.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_token_in_the_query_counts_on_the_hub_only()
    {
        await using var host = await ChatHost.StartAsync();
        using var nobody = host.Http(null);
        using var answer = await nobody.GetAsync("conversations?access_token=alice", Stop);
        await Problem.ExpectAsync(answer, HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_header_is_stronger_than_the_query()
    {
        await using var host = await ChatHost.StartAsync();
        await using var socket = new RawSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer alice");
        await socket.ConnectAsync(new Uri(host.Url("hub") + "?access_token=mallory"));
        await socket.HandshakeAsync();
        var reply = await socket.InvokeAsync("1", "Hello", """[{"versions":[1],"device":"d"}]""");
        Assert.Equal("alice", reply.GetProperty("result").GetProperty("user").GetString());
    }

    [Fact]
    public async Task What_the_hosts_own_authorization_refuses_is_a_problem_with_the_code_too()
    {
        await using var host = await ChatHost.StartAsync(o =>
        {
            o.Build = builder => builder.Services.AddAuthorization(options => options.AddPolicy("vip", policy => policy.RequireAuthenticatedUser().RequireClaim("vip")));
            o.Map = map => map.RequireAuthorization("vip");
            o.Use = app => app.MapGet("/own", () => "mine").RequireAuthorization("vip");
        });
        using var nobody = host.Http(null);
        using var alice = host.Http("alice");
        foreach (var path in new[] { "conversations", "hub/negotiate?negotiateVersion=1", "sync" })
        {
            using var request = new HttpRequestMessage(path.StartsWith("hub", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
            using var refused = await nobody.SendAsync(request, Stop);
            await Problem.ExpectAsync(refused, HttpStatusCode.Unauthorized, "unauthenticated");
            using var second = new HttpRequestMessage(request.Method, path);
            using var forbidden = await alice.SendAsync(second, Stop);
            await Problem.ExpectAsync(forbidden, HttpStatusCode.Forbidden, "forbidden");
        }

        // The host's own endpoints answer as ever.
        using var own = await nobody.GetAsync(new Uri(host.Address, "/own"), Stop);
        Assert.Equal((HttpStatusCode.Found, ""), (own.StatusCode, await own.Content.ReadAsStringAsync(Stop)));
    }
}
