using System.Text;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>Many conversations among a few hundred users; the next message goes to one chosen by Zipf's law (exponent 1).</summary>
internal sealed class ZipfScenario : IScenario
{
    public async Task RunAsync(Site site, RunResult result)
    {
        var plan = site.Plan;
        var users = 2;
        while ((users * (users - 1) / 2) < plan.Conversations)
        {
            users++;
        }

        var pairs = (from a in Enumerable.Range(0, users) from b in Enumerable.Range(a + 1, users - a - 1) select new[] { $"zipf{a}", $"zipf{b}" }).Take(plan.Conversations).ToArray();
        new Random(1).Shuffle(pairs);
        var inFlight = plan.Pairs * plan.InFlight;
        var traffic = new Traffic(inFlight, plan.TextBytes);
        var seed = await site.SeedAsync(new SeedRequest { Directs = pairs });
        var connections = (await site.ConnectAsync(Enumerable.Range(0, users).Select(user => $"zipf{user}"), traffic)).ToDictionary(connection => connection.User);
        var lanes = pairs.Select((pair, i) => new Lane(connections[pair[0]], Encoding.UTF8.GetBytes(seed.Directs[i]), 1)).ToArray();

        var sums = new double[lanes.Length];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = (i == 0 ? 0 : sums[i - 1]) + (1.0 / (i + 1));
        }

        await Loop.ClosedAsync(site, traffic, inFlight, _ => lanes[Draw(sums)], result);
    }

    private static int Draw(double[] sums)
    {
        var at = Array.BinarySearch(sums, Random.Shared.NextDouble() * sums[^1]);
        return Math.Min(at < 0 ? ~at : at, sums.Length - 1);
    }
}
