using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Running;
using ChatKit.Benchmarks;

// --quick: bytes and time a message of the hot path in some seconds, without BenchmarkDotNet; --rounds says how many.
if (!args.Contains("--quick"))
{
    BenchmarkSwitcher.FromAssembly(typeof(HotPathBenchmarks).Assembly).Run(args);
    return;
}

const int warm = 600;
var at = Array.IndexOf(args, "--rounds");
var rounds = at >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : 60;
foreach (var keeps in (bool[])[false, true])
{
    await using var engine = await Engine.StartAsync(HotPathBenchmarks.Pairs, 200, keeps);
    for (var i = 0; i < warm; i++)
    {
        await engine.RoundAsync(HotPathBenchmarks.InFlight);
    }

    var bytes = GC.GetTotalAllocatedBytes(precise: true);
    var cpu = Environment.CpuUsage.TotalTime;
    var started = Stopwatch.GetTimestamp();
    for (var i = 0; i < rounds; i++)
    {
        await engine.RoundAsync(HotPathBenchmarks.InFlight);
    }

    double messages = rounds * HotPathBenchmarks.Pairs * HotPathBenchmarks.InFlight;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{(GC.GetTotalAllocatedBytes(precise: true) - bytes) / messages:N0} bytes, {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / messages:N2} us CPU, {Stopwatch.GetElapsedTime(started).TotalMicroseconds / messages:N2} us a message, {(keeps ? "stored in memory" : "engine alone")}"));
}
