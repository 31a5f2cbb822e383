using ChatKit.Load.Measuring;
using ChatKit.Load.Scenarios;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Load.Servers;

/// <summary>The bare relay: the transport's own price.</summary>
internal static class RelayServer
{
    public static Action<WebApplication> Add(WebApplicationBuilder builder)
    {
        builder.Services.AddSignalR();
        builder.Services.AddSingleton<Presences>();
        builder.Services.AddSingleton<IBenchBackend, Backend>();
        return app => app.MapHub<RelayHub>("/hub");
    }

    private sealed class Backend(Presences presences) : IBenchBackend
    {
        public Task<SeedReply> SeedAsync(SeedRequest request, CancellationToken cancellationToken) => Task.FromResult(PlainSeed.Apply(request, presences));

        public Task<RowCount> CountAsync(long after, CancellationToken cancellationToken) => Task.FromResult(new RowCount(-1, 0));
    }
}
