using System.Collections.Concurrent;

namespace ChatKit.Sessions;

/// <summary>Runs signalled pumps a few at a time and lets others have the pool's threads in between: if all the pumps of a large group stood in the pool's queue at once, what
/// they wrote, and the answer of the store that the next batch waits for, would stand behind them, and no client would have work before the last pump ran.</summary>
internal sealed class PumpQueue : IThreadPoolWorkItem
{
    /// <summary>So many pumps run in one turn, a few hundred microseconds with their writes.</summary>
    private const int Share = 8;

    /// <summary>A pump's turn is short and waits for nothing, so more threads than cores would only take turns.</summary>
    private static readonly int MaxRunners = Environment.ProcessorCount;

    private readonly ConcurrentQueue<SessionPump> waiting = new();
    private int runners;

    /// <summary>Lets a pump run soon on a thread of the pool.</summary>
    public void Add(SessionPump pump)
    {
        waiting.Enqueue(pump);
        Interlocked.MemoryBarrier(); // Either this thread sees that a runner has ended, or the runner sees the pump.
        StartAnother();
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < Share && waiting.TryDequeue(out var pump); i++)
        {
            pump.Run();
        }

        if (!waiting.IsEmpty)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return;
        }

        Interlocked.Decrement(ref runners);
        if (!waiting.IsEmpty)
        {
            StartAnother(); // It came after the look.
        }
    }

    private void StartAnother()
    {
        var now = Volatile.Read(ref runners);
        while (now < MaxRunners)
        {
            var seen = Interlocked.CompareExchange(ref runners, now + 1, now);
            if (seen == now)
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                return;
            }

            now = seen;
        }
    }
}
