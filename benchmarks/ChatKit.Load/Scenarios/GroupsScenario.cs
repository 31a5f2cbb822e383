using System.Text;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>Groups whose members are all online; different members write. A message is done when all others have it.</summary>
internal sealed class GroupsScenario : IScenario
{
    public async Task RunAsync(Site site, RunResult result)
    {
        var plan = site.Plan;
        var inFlight = Math.Min(plan.InFlight, plan.GroupMembers);
        var traffic = new Traffic(plan.Groups * inFlight, plan.TextBytes);
        var groups = Enumerable.Range(0, plan.Groups)
            .Select(group => Enumerable.Range(0, plan.GroupMembers).Select(member => $"group{group}m{member}").ToArray()).ToArray();
        var seed = await site.SeedAsync(new SeedRequest { Groups = groups });
        var lanes = new List<Lane>();
        for (var i = 0; i < groups.Length; i++)
        {
            var members = await site.ConnectAsync(groups[i], traffic);
            var target = Encoding.UTF8.GetBytes(seed.Groups[i]);
            lanes.AddRange(members.Take(inFlight).Select(member => new Lane(member, target, plan.GroupMembers - 1)));
        }

        await Loop.ClosedAsync(site, traffic, lanes.Count, slot => lanes[slot], result);
    }
}
