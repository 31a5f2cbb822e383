using System.Diagnostics;

namespace ChatKit.Load.Clients;

/// <summary>Wakes connections 100 ms after their first unacknowledged entry: one timer for all of them.</summary>
internal sealed class AckTimer : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly Queue<(ChatKitConnection Connection, long Since)> waiting = new();
    private readonly Timer timer;
    private int running;

    public AckTimer() => timer = new Timer(_ => Run(), null, Tick, Tick);

    public void Add(ChatKitConnection connection)
    {
        lock (gate)
        {
            waiting.Enqueue((connection, Stopwatch.GetTimestamp()));
        }
    }

    public void Dispose() => timer.Dispose();

    private void Run()
    {
        if (Interlocked.Exchange(ref running, 1) != 0)
        {
            return;
        }

        while (TryTake(out var connection))
        {
            connection!.FlushAcks();
        }

        LoadConnection.FlushThread();
        Volatile.Write(ref running, 0);
    }

    private bool TryTake(out ChatKitConnection? connection)
    {
        lock (gate)
        {
            connection = null;
            if (!waiting.TryPeek(out var first) || Stopwatch.GetElapsedTime(first.Since) < Delay - Tick)
            {
                return false;
            }

            waiting.Dequeue();
            connection = first.Connection;
            return true;
        }
    }
}
