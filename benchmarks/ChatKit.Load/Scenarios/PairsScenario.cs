using System.Text;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>One user of each pair writes to the other, some messages in flight; or all together at a fixed rate, whatever the server does
/// (an open loop: latency counts from the time a message was due).</summary>
internal sealed class PairsScenario : IScenario
{
    private const int OpenLoopSlots = 200_000;

    public async Task RunAsync(Site site, RunResult result)
    {
        var plan = site.Plan;
        var traffic = new Traffic(plan.Rate > 0 ? OpenLoopSlots : plan.Pairs * plan.InFlight, plan.TextBytes);
        var lanes = await ConnectAsync(site, traffic, plan.Pairs);
        if (plan.Rate > 0)
        {
            using var clock = new RateClock(traffic, lanes, plan.Rate, OpenLoopSlots);
            await Loop.MeasureAsync(site, traffic, result, clock.Start);
            return;
        }

        await Loop.ClosedAsync(site, traffic, plan.Pairs * plan.InFlight, slot => lanes[slot % lanes.Length], result);
    }

    public static async Task<Lane[]> ConnectAsync(Site site, Traffic traffic, int pairs)
    {
        var users = Enumerable.Range(0, pairs).Select(i => new[] { $"pair{i}a", $"pair{i}b" }).ToArray();
        var seed = await site.SeedAsync(new SeedRequest { Directs = users });
        var senders = await site.ConnectAsync(users.Select(pair => pair[0]), traffic);
        await site.ConnectAsync(users.Select(pair => pair[1]), traffic);
        return [.. senders.Select((sender, i) => new Lane(sender, Encoding.UTF8.GetBytes(seed.Directs[i]), 1))];
    }
}
