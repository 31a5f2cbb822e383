using System.Diagnostics;
using System.Numerics;

namespace ChatKit.Load.Measuring;

/// <summary>A histogram of times with a resolution of 1.6 %. Recording is thread-safe.</summary>
internal sealed class Latencies
{
    private const int SubBits = 6;
    private const int Sub = 1 << SubBits;
    private readonly long[] buckets = new long[64 * Sub];

    public void Record(long ticks)
    {
        var micros = Math.Max(0, ticks * 1_000_000 / Stopwatch.Frequency);
        Interlocked.Increment(ref buckets[IndexOf(micros)]);
    }

    public void Clear() => Array.Clear(buckets);

    public long Count() => buckets.Sum();

    /// <returns>Milliseconds.</returns>
    public double Quantile(double quantile)
    {
        var total = Count();
        if (total == 0)
        {
            return 0;
        }

        var wanted = (long)Math.Ceiling(total * quantile);
        long seen = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            seen += buckets[i];
            if (seen >= wanted)
            {
                return ValueOf(i) / 1000.0;
            }
        }

        return ValueOf(buckets.Length - 1) / 1000.0;
    }

    private static int IndexOf(long value)
    {
        if (value < Sub)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) * Sub) + (int)((value >> shift) - Sub);
    }

    private static double ValueOf(int index)
    {
        if (index < Sub)
        {
            return index;
        }

        var shift = (index / Sub) - 1;
        return ((long)(Sub + (index % Sub)) << shift) + ((1L << shift) / 2.0);
    }
}
