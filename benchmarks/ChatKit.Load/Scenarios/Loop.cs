using System.Diagnostics;
using ChatKit.Load.Clients;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>Load, warm-up, measurement and the end of it, the same for every scenario.</summary>
internal static class Loop
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Keeps <paramref name="inFlight"/> messages in flight: each that is done makes room for the next.</summary>
    /// <param name="site">The server.</param>
    /// <param name="traffic">The messages.</param>
    /// <param name="inFlight">How many.</param>
    /// <param name="pick">The lane of a slot's next message.</param>
    /// <param name="result">Where the figures go.</param>
    public static async Task ClosedAsync(Site site, Traffic traffic, int inFlight, Func<int, Lane> pick, RunResult result)
    {
        traffic.Next = slot =>
        {
            if (!traffic.IsStopped)
            {
                traffic.Send(slot, pick(slot), Stopwatch.GetTimestamp());
            }
        };
        await MeasureAsync(site, traffic, result, () =>
        {
            for (var slot = 0; slot < inFlight; slot++)
            {
                traffic.Next(slot);
            }

            LoadConnection.FlushThread();
        });
    }

    /// <summary>Starts the load, waits for the warm-up, measures, drains, and counts what is stored.</summary>
    public static async Task MeasureAsync(Site site, Traffic traffic, RunResult result, Action start)
    {
        var before = await site.CountAsync(-1);
        start();
        await WaitAsync(site.Plan.WarmUp, traffic);
        for (var window = 0; window < site.Plan.Windows && traffic.Failure is null; window++)
        {
            await MeasureWindowAsync(site, traffic, result);
            result.Windows.Add(new(result.Figures, StringComparer.Ordinal));
        }

        await traffic.DrainAsync(DrainTimeout);
        result.Accepted += traffic.Accepted;
        if (before.Rows >= 0)
        {
            result.Rows = Math.Max(0, result.Rows) + (await site.CountAsync(before.Position)).Rows;
        }

        result.Receipts += traffic.Receipts;
        result.Failure ??= traffic.Failure;
    }

    private static async Task MeasureWindowAsync(Site site, Traffic traffic, RunResult result)
    {
        var meter = new Meter(site.Http, site.Plan);
        await meter.StartAsync();
        traffic.StartMeasuring();
        await WaitAsync(site.Plan.Seconds, traffic);
        traffic.StopMeasuring();
        var deliveries = traffic.Deliveries;
        await meter.StopAsync(result, () => traffic.Done);
        Meter.Quantiles(result, traffic.Latencies);
        result.Figures[Figure.Deliveries] = deliveries / result.Seconds;
        result.Figures[Figure.HostMemory] = ProcessCpu.ResidentBytes(site.Plan.ServerPid) / 1048576.0;
    }

    private static async Task WaitAsync(double seconds, Traffic traffic)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds && traffic.Failure is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
