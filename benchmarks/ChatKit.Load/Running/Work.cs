namespace ChatKit.Load.Running;

/// <summary>A scenario with its settings, as the command line names it.</summary>
/// <param name="Name">The name.</param>
/// <param name="About">One line for the table.</param>
/// <param name="Fresh">Whether each run gets a fresh server.</param>
/// <param name="Stores">Whether it makes no sense on a server that stores nothing.</param>
/// <param name="Shape">Its settings.</param>
internal sealed record Work(string Name, string About, bool Fresh, bool Stores, Func<Plan, Plan> Shape)
{
    private static readonly Work[] All =
    [
        new("pairs", "100 pairs, 32 in flight each", false, false, plan => plan),
        new("pairs-1", "100 pairs, 1 in flight each", false, false, plan => plan with { InFlight = 1 }),
        new("lone", "one pair, one in flight", false, false, plan => plan with { Pairs = 1, InFlight = 1 }),
        new("pairs-rate", "100 pairs, 5,000 messages a second in all, open loop", false, false, Open),
        new("groups", "5 groups of 100 online members, 4 in flight each", false, false, plan => plan with { Scenario = "groups", InFlight = 4 }),
        new("groups-32", "5 groups of 100 online members, 32 in flight each", false, false, plan => plan with { Scenario = "groups", InFlight = 32 }),
        new("groups-100", "5 groups of 100 online members, each of them with one in flight", false, false, plan => plan with { Scenario = "groups", InFlight = 100 }),
        new("zipf", "20,000 conversations by Zipf's law, 3,200 in flight", false, false, plan => plan with { Scenario = "zipf" }),
        new("idle", "5,000 idle connections, each user in 50 conversations; 100 pairs, 32 in flight, without and beside them", true, false, plan => plan with { Scenario = "idle" }),
        new("soak", "100 pairs, 2,000 messages a second in all, open loop, for 30 windows of a minute", true, false, Soak),
        new("offline", "10,000 messages stored for an absent user", false, true, plan => plan with { Scenario = "offline" }),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(work => work.Name)];

    public bool IsFor(Target target) => !Stores || target.Kind != "relay";

    private static Plan Soak(Plan plan) => plan with
    {
        Scenario = "soak",
        Rate = plan.Rate > 0 ? plan.Rate : 2000,
        Windows = plan.Windows > 1 ? plan.Windows : 30,
        Seconds = plan.Windows > 1 ? plan.Seconds : 60,
    };

    public static Work Parse(string name) =>
        Array.Find(All, work => work.Name == name) ?? throw new ArgumentException($"There is no scenario {name}: {string.Join(", ", Names)}.");

    /// <summary>Its percentiles are those of a server in use: what connecting 200 clients left behind is collected before, in one pause of 30 to 40 ms that would be a hundredth of the run.</summary>
    private static Plan Open(Plan plan) => plan with { Rate = plan.Rate > 0 ? plan.Rate : 5000, WarmUp = Math.Max(plan.WarmUp, 4) };
}
