using System.Net;
using System.Net.Http.Json;
using System.Threading.RateLimiting;
using ChatKit.AspNetCore.RateLimits;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Client;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Tests.Door;

/// <summary>Too much is refused for now, with a code and a time; the client comes again by itself, in order.</summary>
public sealed class RateLimitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The third place comes back after a second, by the framework's clock; its timer may be a little late.</summary>
    private static async Task<HubClient> StartPatientlyAsync(ChatHost host)
    {
        while (true)
        {
            try
            {
                return await HubClient.StartAsync(host.Hub("anna").Build());
            }
            catch (HttpRequestException refused) when (refused.StatusCode == HttpStatusCode.TooManyRequests)
            {
                await WaitOutAsync(1000);
            }
        }
    }

    /// <summary>Does what a refusal asks for. The framework's buckets fill by a clock of their own that cannot be set.</summary>
    private static Task WaitOutAsync(long? retryAfter) => Task.Delay(TimeSpan.FromMilliseconds(retryAfter!.Value), TimeProvider.System, Stop);

    [Fact]
    public async Task A_limited_send_blocks_the_later_ones_of_its_conversation_and_says_when_to_come_again()
    {
        await using var host = await ChatHost.StartAsync(options => options.Web = web => web.RateLimits.Writes = new ChatRateLimit { Burst = 3, PerSecond = 1 });
        await using var anna = await host.ConnectAsync("anna");
        await anna.FramesAsync([.. Enumerable.Range(1, 6).Select(i => new CommandFrame { T = CommandTags.Send, Id = $"m{i}", To = "ben", Text = $"{i}" })]);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(EventTags.Accepted, (await anna.NextAsync(e => e.Id == $"m{i}")).T);
        }

        var limited = await anna.NextAsync(e => e.Id == "m4");
        Assert.Equal("rate_limited", limited.Code);
        Assert.InRange(limited.RetryAfter!.Value, 1, 1000);
        await anna.NextAsync(e => e.Id == "m6");

        // Rule 6: a later one may not overtake, though it would find a place by now.
        await WaitOutAsync(limited.RetryAfter);
        Assert.Equal("out_of_order", (await anna.AskAsync(new CommandFrame { T = CommandTags.Send, Id = "m7", To = "ben", Text = "7" })).Code);
        var again = await anna.AskAsync(new CommandFrame { T = CommandTags.Send, Id = "m4", To = "ben", Text = "4" });
        while (again.Code == "rate_limited")
        {
            await WaitOutAsync(again.RetryAfter);
            again = await anna.AskAsync(new CommandFrame { T = CommandTags.Send, Id = "m4", To = "ben", Text = "4" });
        }

        Assert.Equal(5, again.Seq); // the creation and three messages before it
    }

    [Fact]
    public async Task The_client_waits_and_sends_again_by_itself_in_order()
    {
        await using var host = await ChatHost.StartAsync(options => options.Web = web => web.RateLimits.Writes = new ChatRateLimit { Burst = 20, PerSecond = 20 });
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        var sends = new List<Task<SentMessage>>();
        for (var i = 0; i < 60; i++)
        {
            sends.Add((await anna.Client.Direct("ben").SendAsync($"m{i}", Stop)).Accepted);
        }

        await Task.WhenAll(sends).WaitAsync(Person.Patience, Stop);
        await ben.GetsAsync("m59");
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"m{i}"), ben.Texts);
        Assert.DoesNotContain(anna.Happened.OfType<ConnectionChanged>(), changed => changed.State == ChatConnectionState.Reconnecting);
    }

    [Fact]
    public async Task Kinds_and_users_are_counted_apart_and_http_says_429()
    {
        await using var host = await ChatHost.StartAsync(options => options.Web = web =>
        {
            web.TenantClaim = TestSignIn.TenantClaim;
            web.RateLimits.Writes = web.RateLimits.Reads = web.RateLimits.Groups = web.RateLimits.Signals = new ChatRateLimit { Burst = 1, PerSecond = 1 };
        });
        using var anna = host.Http("anna@north");
        using var first = await anna.PostAsJsonAsync("direct/ben/messages", new { text = "1" }, Stop);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using var second = await anna.PostAsJsonAsync("direct/ben/messages", new { text = "2" }, Stop);
        var problem = await Problem.ExpectAsync(second, HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.InRange(problem.GetProperty("retryAfter").GetInt64(), 1, 1000);
        Assert.Equal("1", second.Headers.GetValues("Retry-After").Single());

        using var read = await anna.GetAsync("conversations", Stop);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using var readAgain = await anna.GetAsync("presence?user=ben", Stop);
        await Problem.ExpectAsync(readAgain, HttpStatusCode.TooManyRequests, "rate_limited");
        using var group = await anna.PostAsJsonAsync("groups", new { title = "t", users = new[] { "ben" } }, Stop);
        Assert.Equal(HttpStatusCode.Created, group.StatusCode);
        using var groupAgain = await anna.PostAsJsonAsync("groups", new { title = "t", users = new[] { "ben" } }, Stop);
        await Problem.ExpectAsync(groupAgain, HttpStatusCode.TooManyRequests, "rate_limited");
        using var south = host.Http("anna@south");
        using var other = await south.PostAsJsonAsync("direct/ben/messages", new { text = "1" }, Stop);
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);

        // The hub draws from the same buckets; acknowledging and withdrawing are never limited.
        await using var hub = await HubClient.StartAsync(host.Hub("cara@north").Build());
        await hub.HelloAsync("d");
        await hub.FramesAsync([.. Enumerable.Range(0, 200).Select(i => new CommandFrame { T = i % 2 == 0 ? CommandTags.Ack : CommandTags.Withdraw, Id = $"w{i}", To = "ben" })]);
        Assert.Null((await hub.AskAsync(new CommandFrame { T = CommandTags.Conversations })).Code);
        Assert.Equal("rate_limited", (await hub.AskAsync(new CommandFrame { T = CommandTags.Conversations })).Code);
        Assert.Null((await hub.AskAsync(new CommandFrame { T = CommandTags.Watch, Users = [] })).Code);
        Assert.Equal("rate_limited", (await hub.AskAsync(new CommandFrame { T = "nonsense" })).Code);
        Assert.False(hub.Has(e => e.Id?.StartsWith('w') == true));
    }

    [Fact]
    public async Task Connections_opened_too_fast_are_refused()
    {
        await using var host = await ChatHost.StartAsync(options => options.Web = web => web.RateLimits.Connections = new ChatRateLimit { Burst = 2, PerSecond = 1 });
        using var anna = host.Http("anna");
        for (var i = 0; i < 2; i++)
        {
            using var negotiated = await anna.PostAsync("hub/negotiate?negotiateVersion=1", null, Stop);
            Assert.Equal(HttpStatusCode.OK, negotiated.StatusCode);
        }

        using var third = await anna.PostAsync("hub/negotiate?negotiateVersion=1", null, Stop);
        await Problem.ExpectAsync(third, HttpStatusCode.TooManyRequests, "rate_limited");

        // A renewal costs as much as a connection.
        await using var renewing = await StartPatientlyAsync(host);
        await renewing.HelloAsync("d");
        var codes = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            codes.Add((await renewing.Connection.InvokeAsync<RenewReply>("Renew", new RenewRequest { Token = "anna" }, Stop)).Code);
        }

        Assert.Contains("rate_limited", codes);

        // The client waits and gets in.
        await using var client = await Person.ConnectAsync(host, "anna");
        Assert.Equal(ChatConnectionState.Connected, client.Client.State);
    }

    [Fact]
    public async Task A_host_may_bring_its_own_limiter_or_none()
    {
        using var own = PartitionedRateLimiter.Create<ChatRateLimitContext, string>(context => context is { Command: ChatCommandClass.Write, User.Value: "mallory" }
            ? RateLimitPartition.GetConcurrencyLimiter("none", _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 0 })
            : RateLimitPartition.GetNoLimiter("all"));
        using var taken = own.AttemptAcquire(new ChatRateLimitContext(new UserId("mallory"), ChatCommandClass.Write));
        await using var host = await ChatHost.StartAsync(options =>
        {
            options.Build = builder => builder.Services.AddSingleton(own);
            options.Web = web => web.RateLimits.Writes = new ChatRateLimit { Burst = 1, PerSecond = 1 };
        });
        foreach (var (user, status) in new[] { ("anna", HttpStatusCode.Created), ("anna", HttpStatusCode.Created), ("mallory", HttpStatusCode.TooManyRequests) })
        {
            using var client = host.Http(user);
            using var answer = await client.PostAsJsonAsync("direct/ben/messages", new { text = "x" }, Stop);
            Assert.Equal(status, answer.StatusCode);
        }

        var options = new ChatKitWebOptions { RateLimits = { Enabled = false, Writes = new ChatRateLimit { Burst = 1, PerSecond = 1 } } };
        using var off = new CommandLimiter(Options.Create(options));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Null(off.Check(new UserId("anna"), ChatCommandClass.Write)));
    }

    [Fact]
    public async Task Buckets_of_users_who_are_gone_vanish()
    {
        using var limiter = new CommandLimiter(Options.Create(new ChatKitWebOptions()));
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(limiter.Check(new UserId($"u{i}"), ChatCommandClass.Read));
        }

        Assert.Equal(100, limiter.Made);
        await Task.Delay(TimeSpan.FromSeconds(14), TimeProvider.System, Stop); // the framework drops a full bucket after 10 seconds; its clock cannot be set
        Assert.Null(limiter.Check(new UserId("u0"), ChatCommandClass.Read));
        Assert.Equal(101, limiter.Made);
    }
}
