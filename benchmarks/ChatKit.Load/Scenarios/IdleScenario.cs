using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>What an idle connection costs: memory, and what pairs lose beside them. The pairs run first without and then with them.</summary>
internal sealed class IdleScenario : IScenario
{
    private const int GroupSize = 100;
    private const int SeedAtOnce = 250;

    public async Task RunAsync(Site site, RunResult result)
    {
        var plan = site.Plan;
        var users = Enumerable.Range(0, plan.Idle).Select(i => $"idle{i}").ToArray();
        if (site.IsChatKit)
        {
            await SeedAsync(site, users); // The plain servers know no conversations.
        }

        var alone = new RunResult();
        await PairsAsync(site, alone);
        var before = await site.CollectAsync();
        var residentBefore = ProcessCpu.ResidentBytes(plan.ServerPid);

        var silence = new Traffic(0, 1);
        await site.ConnectAsync(users, silence);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var after = await site.CollectAsync();
        result.Figures[Figure.RssPerConnection] = (ProcessCpu.ResidentBytes(plan.ServerPid) - residentBefore) / 1024.0 / users.Length;
        result.Figures[Figure.HeapPerConnection] = (after.Heap - before.Heap) / 1024.0 / users.Length;

        await PairsAsync(site, result);
        result.Figures[Figure.BesideIdle] = result.Figures[Figure.Rate];
        result.Figures[Figure.Rate] = alone.Figures[Figure.Rate];
        result.Figures[Figure.Kept] = 100 * result.Figures[Figure.BesideIdle] / result.Figures[Figure.Rate];
        result.Accepted += alone.Accepted;
        result.Rows += Math.Max(0, alone.Rows);
        result.Receipts += alone.Receipts;
        result.Failure ??= alone.Failure ?? silence.Failure;
    }

    private static async Task PairsAsync(Site site, RunResult result)
    {
        var plan = site.Plan;
        var traffic = new Traffic(plan.Pairs * plan.InFlight, plan.TextBytes);
        var lanes = await PairsScenario.ConnectAsync(site, traffic, plan.Pairs);
        await Loop.ClosedAsync(site, traffic, plan.Pairs * plan.InFlight, slot => lanes[slot % lanes.Length], result);
        await site.CloseAsync(lanes.Length * 2);
    }

    /// <summary>Each user in as many groups as asked for, with other users in each.</summary>
    private static async Task SeedAsync(Site site, string[] users)
    {
        var random = new Random(1);
        var groups = new List<string[]>();
        for (var round = 0; round < site.Plan.IdleConversations; round++)
        {
            var order = (string[])users.Clone();
            random.Shuffle(order);
            groups.AddRange(order.Chunk(GroupSize));
        }

        foreach (var part in groups.Chunk(SeedAtOnce))
        {
            await site.SeedAsync(new SeedRequest { Groups = part });
        }
    }
}
