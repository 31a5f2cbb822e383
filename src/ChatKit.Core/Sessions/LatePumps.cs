namespace ChatKit.Sessions;

/// <summary>Pumps whose queued events may wait a moment for company; wakes each when its moment is over.</summary>
internal sealed class LatePumps : IDisposable
{
    /// <summary>What a busy flush leaves of the 250 ms of rule 8, with a margin; see <see cref="Delivery.ReceiptService.MostInterval"/>.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(40);

    private readonly Lock gate = new();
    private readonly Queue<(SessionPump Pump, long At)> waiting = new();
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public LatePumps(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(static state => ((LatePumps)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets a pump wait.</summary>
    public void Add(SessionPump pump)
    {
        lock (gate)
        {
            waiting.Enqueue((pump, time.GetTimestamp()));
            if (waiting.Count == 1)
            {
                timer.Change(Moment, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => timer.Dispose();

    private void Wake()
    {
        while (TryTake() is { } pump)
        {
            pump.Hurry();
        }
    }

    private SessionPump? TryTake()
    {
        lock (gate)
        {
            if (!waiting.TryPeek(out var first))
            {
                return null;
            }

            var rest = Moment - time.GetElapsedTime(first.At);
            if (rest > TimeSpan.Zero)
            {
                timer.Change(rest, Timeout.InfiniteTimeSpan);
                return null;
            }

            return waiting.Dequeue().Pump;
        }
    }
}
