using BenchmarkDotNet.Attributes;

namespace ChatKit.Benchmarks;

/// <summary>Parsed frames, writer, append in memory, dispatch, serialisation: the engine's part of a message's way.</summary>
[MemoryDiagnoser]
public class HotPathBenchmarks
{
    public const int Pairs = 100;
    public const int InFlight = 32;
    private Engine? engine;

    [GlobalSetup]
    public async Task SetupAsync() => engine = await Engine.StartAsync(Pairs, 200, keeps: true);

    [GlobalCleanup]
    public async Task CleanupAsync() => await engine!.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Pairs * InFlight)]
    public Task Message() => engine!.RoundAsync(InFlight);
}
