using System.Diagnostics;

namespace ChatKit.Load.Clients;

/// <summary>Wakes connections 100 ms after their first unacknowledged entry. Each thread of <see cref="Reactor"/> has one for its connections and looks at it itself:
/// a timer of the pool woke a thread of it a hundred times a second, on the cores the servers are measured on.</summary>
internal sealed class AckTimer
{
    /// <summary>How often the thread looks.</summary>
    public const int TickMilliseconds = 10;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(TickMilliseconds);

    [ThreadStatic]
    private static AckTimer? own;

    private readonly PriorityQueue<ChatKitConnection, long> waiting = new();

    public static AckTimer OfThread => own ??= new AckTimer();

    public bool IsEmpty => waiting.Count == 0;

    /// <summary>Whether an entry has waited as long as it may, but for the time to the next look.</summary>
    public static bool IsDue(long since) => Stopwatch.GetElapsedTime(since) >= Delay - Tick;

    /// <summary>Whether an entry has waited for half of what it may.</summary>
    public static bool IsHalf(long since) => Stopwatch.GetElapsedTime(since) >= Delay / 2;

    /// <param name="connection">Whose <see cref="ChatKitConnection.FlushAcks"/> is called.</param>
    /// <param name="since">When its first unacknowledged entry came.</param>
    public void Add(ChatKitConnection connection, long since) => waiting.Enqueue(connection, since);

    public void Run()
    {
        while (waiting.TryPeek(out var connection, out var since) && IsDue(since))
        {
            waiting.Dequeue();
            connection.FlushAcks();
        }

        LoadConnection.FlushThread();
    }
}
