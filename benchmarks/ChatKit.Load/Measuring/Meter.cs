using System.Diagnostics;
using System.Net.Http.Json;
using ChatKit.Load.Running;

namespace ChatKit.Load.Measuring;

/// <summary>CPU, allocation and time between two moments.</summary>
internal sealed class Meter
{
    private readonly HttpClient http;
    private readonly Plan plan;
    private long startedAt;
    private double host;
    private double database;
    private double own;
    private ServerStats before = new(0, 0, 0, 0);

    public Meter(HttpClient http, Plan plan)
    {
        this.http = http;
        this.plan = plan;
    }

    public async Task StartAsync()
    {
        before = await StatsAsync();
        host = ProcessCpu.Of(plan.ServerPid);
        database = Database();
        own = ProcessCpu.Of(Environment.ProcessId);
        startedAt = Stopwatch.GetTimestamp();
    }

    public double Seconds => Stopwatch.GetElapsedTime(startedAt).TotalSeconds;

    /// <summary>Writes the figures of the time since <see cref="StartAsync"/>.</summary>
    public async Task StopAsync(RunResult result, Func<long> messages)
    {
        result.Seconds = Seconds;
        var count = result.Messages = messages();
        var hostCpu = ProcessCpu.Of(plan.ServerPid) - host;
        var databaseCpu = Database() - database;
        var ownCpu = ProcessCpu.Of(Environment.ProcessId) - own;
        var after = await StatsAsync();
        result.Figures[Figure.Rate] = count / result.Seconds;
        result.Figures[Figure.Compiling] = (after.Compiling - before.Compiling) / result.Seconds;
        if (count > 0)
        {
            result.Figures[Figure.HostCpu] = hostCpu * 1e6 / count;
            result.Figures[Figure.GeneratorCpu] = ownCpu * 1e6 / count;
            result.Figures[Figure.Allocated] = (double)(after.Allocated - before.Allocated) / count;
            if (plan.DatabasePid > 0)
            {
                result.Figures[Figure.DatabaseCpu] = databaseCpu * 1e6 / count;
            }
        }
    }

    public static void Quantiles(RunResult result, Latencies latencies)
    {
        result.Figures[Figure.P50] = latencies.Quantile(0.5);
        result.Figures[Figure.P99] = latencies.Quantile(0.99);
        result.Figures[Figure.P999] = latencies.Quantile(0.999);
    }

    private double Database() => plan.DatabasePid > 0 ? ProcessCpu.OfFamily(plan.DatabasePid) : 0;

    private async Task<ServerStats> StatsAsync() => (await http.GetFromJsonAsync<ServerStats>("/bench/stats"))!;
}
