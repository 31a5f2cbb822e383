using ChatKit.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Sessions;

/// <summary>What all pumps of a node share.</summary>
internal sealed class PumpServices(
    LogPuller puller, ChatKitMetrics metrics, TimeProvider time, IOptions<ChatKitOptions> options, ILogger<SessionPump> logger) : IDisposable
{
    public PumpQueue Queue { get; } = new();

    public LatePumps Late { get; } = new(time);

    public LogPuller Puller { get; } = puller;

    public ChatKitMetrics Metrics { get; } = metrics;

    public TimeProvider Time { get; } = time;

    public ChatKitOptions Options { get; } = options.Value;

    public ILogger Logger { get; } = logger;

    public void Dispose() => Late.Dispose();
}
