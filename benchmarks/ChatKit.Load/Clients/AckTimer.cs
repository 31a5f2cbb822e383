using System.Diagnostics;

namespace ChatKit.Load.Clients;

/// <summary>Wakes connections 100 ms after their first unacknowledged entry: one timer for all of them.</summary>
internal sealed class AckTimer : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly PriorityQueue<ChatKitConnection, long> waiting = new();
    private readonly Timer timer;
    private int running;

    public AckTimer() => timer = new Timer(_ => Run(), null, Tick, Tick);

    /// <param name="connection">Whose <see cref="ChatKitConnection.FlushAcks"/> is called.</param>
    /// <param name="since">When its first unacknowledged entry came.</param>
    public void Add(ChatKitConnection connection, long since)
    {
        lock (gate)
        {
            waiting.Enqueue(connection, since);
        }
    }

    /// <summary>Whether an entry has waited as long as it may, but for the time to the next look.</summary>
    public static bool IsDue(long since) => Stopwatch.GetElapsedTime(since) >= Delay - Tick;

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
            return waiting.TryPeek(out _, out var since) && IsDue(since) && waiting.TryDequeue(out connection, out _);
        }
    }
}
