using ChatKit.Delivery;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Sessions;

/// <summary>Empties a stopping host: no new sessions; the present ones, a few at a time, have their commands answered, are told to connect elsewhere,
/// and are closed; what is left after a while is cut. Then the cursors are stored.</summary>
internal sealed class Drain(
    SessionManager manager, SessionTable sessions, ReceiptService receipts, TimeProvider time, IOptions<ChatKitOptions> options, ILogger<Drain> logger)
{
    /// <summary>How far apart two sessions are sent away, unless there are too many for <see cref="ChatKitOptions.DrainSpread"/>.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private Task? running;

    /// <summary>To clients that are connected: come again at once, the load balancer knows where.</summary>
    public static ChatError Leave { get; } = new(ChatErrorCode.ShuttingDown, "The server is stopping; connect again.");

    /// <summary>To those who come while it stops.</summary>
    public static ChatError Stopping { get; } = new(ChatErrorCode.ShuttingDown, "The server is stopping; connect again.", TimeSpan.FromSeconds(1));

    /// <summary>Completes when every session has ended. Every call gives the same task.</summary>
    public Task RunAsync()
    {
        lock (gate)
        {
            return running ??= Task.Run(DrainAsync);
        }
    }

    private async Task DrainAsync()
    {
        manager.Refuse();
        var started = time.GetTimestamp();
        var present = sessions.All.ToArray();
        if (present.Length > 0)
        {
            SessionsLog.DrainStarted(logger, present.Length);
#pragma warning disable CA5394 // Who goes first needs no secrecy.
            Random.Shared.Shuffle(present);
#pragma warning restore CA5394
            await SendAwayAsync(present, started).ConfigureAwait(false);
        }

        await WaitUntilEmptyAsync(started).ConfigureAwait(false);
        var left = sessions.All.ToArray();
        foreach (var session in left)
        {
            session.Pump.Abort();
        }

        if (present.Length > 0)
        {
            SessionsLog.DrainEnded(logger, time.GetElapsedTime(started), left.Length);
        }

        await receipts.FlushAsync().ConfigureAwait(false);
    }

    private async Task SendAwayAsync(ChatSession[] present, long started)
    {
        var spread = Apart * present.Length;
        spread = spread < options.Value.DrainSpread ? spread : options.Value.DrainSpread;
        for (var i = 0; i < present.Length; i++)
        {
            var wait = (spread * ((double)i / present.Length)) - time.GetElapsedTime(started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time).ConfigureAwait(false);
            }

            present[i].Drain(Leave);
        }
    }

    private async Task WaitUntilEmptyAsync(long started)
    {
        while (!sessions.IsEmpty && time.GetElapsedTime(started) < options.Value.DrainTimeout)
        {
            await Task.Delay(Look, time).ConfigureAwait(false);
        }
    }
}
