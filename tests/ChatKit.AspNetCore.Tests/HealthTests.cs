using System.Net;
using ChatKit.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task The_health_check_is_healthy_when_the_store_answers()
    {
        await using var host = await ChatHost.StartAsync(o => o.Use = app => app.MapHealthChecks("/health"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(host));
    }

    [Fact]
    public async Task It_is_unhealthy_when_the_store_fails_and_shows_no_exception()
    {
        var store = new Store(() => throw new ChatStoreException("the driver's secret", true));
        await using var host = await ChatHost.StartAsync(o =>
        {
            o.Use = app => app.MapHealthChecks("/health");
            o.Build = builder => builder.Services.AddSingleton<IStoreIdentity>(store);
        });
        store.Broken = true;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(host));
    }

    [Fact]
    public async Task It_is_unhealthy_when_the_store_hangs_and_hears_no_token()
    {
        var store = new Store(() => new(new TaskCompletionSource<StoreInfo>().Task));
        await using var host = await ChatHost.StartAsync(o =>
        {
            o.Use = app => app.MapHealthChecks("/health");
            o.Web = web => web.HealthTimeout = TimeSpan.FromMilliseconds(100);
            o.Build = builder => builder.Services.AddSingleton<IStoreIdentity>(store);
        });
        store.Broken = true;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(host));
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(ChatHost host)
    {
        using var http = host.Http(null);
        using var answer = await http.GetAsync(new Uri(host.Address, "/health"), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Answers the engine's start, and as told once it is broken.</summary>
    private sealed class Store(Func<ValueTask<StoreInfo>> broken) : IStoreIdentity
    {
        public bool Broken { get; set; }

        public ValueTask<StoreInfo> GetInfoAsync(CancellationToken cancellationToken) =>
            Broken ? broken() : new(new StoreInfo("incarnation", 0, DateTimeOffset.UnixEpoch));
    }
}
