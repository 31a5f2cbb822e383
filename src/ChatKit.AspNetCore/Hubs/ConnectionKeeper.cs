using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>What is due by the clock at the hub's connections: Hello that does not come, sign-ins that expire. One timer for all of them.</summary>
internal sealed class ConnectionKeeper(ChatHubConnections connections, TimeProvider time, IOptions<ChatKitWebOptions> options) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var connection in connections.All)
                {
                    connection.Check(options.Value);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
