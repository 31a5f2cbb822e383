using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>Pairs for a long time, window by window, with what stays on the host's heap before and after.</summary>
internal sealed class SoakScenario : IScenario
{
    public async Task RunAsync(Site site, RunResult result)
    {
        result.Heap.Add(await HeapAsync(site));
        await new PairsScenario().RunAsync(site, result);
        result.Heap.Add(await HeapAsync(site));
    }

    private static async Task<double> HeapAsync(Site site) => (await site.CollectAsync()).Heap / 1048576.0;
}
