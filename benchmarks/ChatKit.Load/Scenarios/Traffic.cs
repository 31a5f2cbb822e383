using System.Diagnostics;
using System.Text;
using ChatKit.Load.Clients;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>The messages in flight. A message is done when its sender has the acknowledgement and every receiver has it; its id names
/// its slot, so nothing is looked up.</summary>
internal sealed class Traffic : ITraffic
{
    private readonly MessageIds ids = new();
    private readonly byte[] text;
    private readonly Slot[] slots;
    private long done;
    private long accepted;
    private long sent;
    private long finished;
    private long deliveries;
    private long receipts;
    private volatile bool measuring;
    private volatile bool stopped;
    private string? failure;

    public Traffic(int inFlight, int textBytes)
    {
        slots = new Slot[inFlight];
        text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("All work and no play. ", (textBytes / 22) + 1))[..textBytes]);
    }

    public Latencies Latencies { get; } = new();

    /// <summary>Called when a slot is free again: sends the next message on it, or keeps it.</summary>
    public Action<int>? Next { get; set; }

    public long Accepted => Volatile.Read(ref accepted);

    public long Done => Volatile.Read(ref done);

    public long Deliveries => Volatile.Read(ref deliveries);

    public long Receipts => Volatile.Read(ref receipts);

    public bool IsStopped => stopped;

    public string? Failure => Volatile.Read(ref failure);

    public long InFlight => Volatile.Read(ref sent) - Volatile.Read(ref finished);

    /// <summary>Sends a message; what it waits for is the acknowledgement and <paramref name="lane"/>'s receivers.</summary>
    /// <param name="slot">A free slot.</param>
    /// <param name="lane">Where it goes.</param>
    /// <param name="due">The time its latency counts from.</param>
    public void Send(int slot, Lane lane, long due)
    {
        ref var place = ref slots[slot];
        place.Due = due;
        var generation = Volatile.Read(ref place.Generation) + 1;
        Volatile.Write(ref place.Remaining, lane.Receivers + 1);
        Volatile.Write(ref place.Generation, generation);
        Interlocked.Increment(ref sent);
        Span<byte> id = stackalloc byte[MessageIds.Length];
        ids.Write(id, slot, generation);
        lane.Sender.Send(lane.Target, id, text);
    }

    public void StartMeasuring()
    {
        Latencies.Clear();
        Interlocked.Exchange(ref done, 0);
        Interlocked.Exchange(ref deliveries, 0);
        measuring = true;
    }

    public void StopMeasuring() => measuring = false;

    /// <summary>Sends no more and waits for what is in flight.</summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        stopped = true;
        var started = Stopwatch.GetTimestamp();
        while (InFlight > 0 && Failure is null)
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                OnFailure($"{InFlight} messages did not arrive within {timeout.TotalSeconds} s");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public void OnAccepted(ReadOnlySpan<byte> id)
    {
        if (ids.TryRead(id, out var slot, out var generation))
        {
            Interlocked.Increment(ref accepted);
            Count(slot, generation);
        }
    }

    public void OnReceived(ReadOnlySpan<byte> id, bool own)
    {
        // A sender's own copy is acknowledged like any entry, but nobody waits for it.
        if (!own && ids.TryRead(id, out var slot, out var generation))
        {
            if (measuring)
            {
                Interlocked.Increment(ref deliveries);
            }

            Count(slot, generation);
        }
    }

    public void OnReceipt() => Interlocked.Increment(ref receipts);

    public void OnFailure(string why) => Interlocked.CompareExchange(ref failure, why, null);

    private void Count(int slot, long generation)
    {
        ref var place = ref slots[slot];
        if (Volatile.Read(ref place.Generation) != generation)
        {
            OnFailure($"message {slot}-{generation} came again");
            return;
        }

        if (Interlocked.Decrement(ref place.Remaining) != 0)
        {
            return;
        }

        if (measuring)
        {
            Latencies.Record(Stopwatch.GetTimestamp() - place.Due);
        }

        Interlocked.Increment(ref done);
        Interlocked.Increment(ref finished);
        Next?.Invoke(slot);
    }

    private struct Slot
    {
        public long Due;
        public long Generation;
        public int Remaining;
    }
}
