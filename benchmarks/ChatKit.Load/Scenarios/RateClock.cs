using System.Collections.Concurrent;
using System.Diagnostics;
using ChatKit.Load.Clients;

namespace ChatKit.Load.Scenarios;

/// <summary>Sends at a fixed rate. What is late because the generator's thread woke late (1 ms or so) counts as latency, too.</summary>
internal sealed class RateClock : IDisposable
{
    private readonly ManualResetEvent stop = new(initialState: false);
    private readonly ConcurrentStack<int> free;
    private readonly Thread thread;

    public RateClock(Traffic traffic, Lane[] lanes, int rate, int slots)
    {
        free = new ConcurrentStack<int>(Enumerable.Range(0, slots));
        traffic.Next = slot => free.Push(slot);
        thread = new Thread(() => Run(traffic, lanes, rate)) { IsBackground = true, Priority = ThreadPriority.AboveNormal };
    }

    public void Start() => thread.Start();

    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }

    private void Run(Traffic traffic, Lane[] lanes, int rate)
    {
        var start = Stopwatch.GetTimestamp();
        for (long number = 0; !traffic.IsStopped;)
        {
            var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate);
            for (; number < due && !traffic.IsStopped; number++)
            {
                if (!free.TryPop(out var slot))
                {
                    traffic.OnFailure("the server is so far behind that the generator ran out of slots");
                    return;
                }

                traffic.Send(slot, lanes[number % lanes.Length], start + (long)(number * (double)Stopwatch.Frequency / rate));
            }

            LoadConnection.FlushThread();
            if (stop.WaitOne(1))
            {
                return;
            }
        }
    }
}
