using System.Globalization;
using System.Text.Json;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Running;

/// <summary>The role <c>run</c>: starts servers and generator, takes the runs in turn, checks each, prints tables.</summary>
internal sealed class Coordinator
{
    private readonly Plan basis;
    private readonly IReadOnlyList<Target> targets;
    private readonly IReadOnlyList<Work> works;
    private readonly int runs;
    private readonly double warmUp;
    private readonly bool interleave;
    private readonly int writers;
    private readonly string postgresSettings;
    private readonly List<RunResult> results = [];

    public Coordinator(Arguments arguments)
    {
        targets = [.. arguments.Text("servers", "relay,hub,memory,litedb").Split(',').Select(Target.Parse)];
        works = [.. arguments.Text("scenarios", "pairs").Split(',').Select(Work.Parse)];
        runs = arguments.Number("runs", 5);
        warmUp = arguments.Real("warmup", 30);
        interleave = arguments.Has("interleave") || !arguments.Has("in-turn");
        writers = arguments.Number("writers", 0);
        postgresSettings = arguments.Text("postgres-settings", "");
        basis = new Plan
        {
            Scenario = "pairs",
            Protocol = "",
            Server = new Uri("http://127.0.0.1"),
            WarmUp = arguments.Real("settle", 1),
            Seconds = arguments.Real("seconds", 4),
            Windows = arguments.Number("windows", 1),
            Pairs = arguments.Number("pairs", 100),
            InFlight = arguments.Number("in-flight", 32),
            Rate = arguments.Number("rate", 0),
            Groups = arguments.Number("groups", 5),
            GroupMembers = arguments.Number("members", 100),
            Conversations = arguments.Number("conversations", 20_000),
            Idle = arguments.Number("idle", 5_000),
            Backlog = arguments.Number("backlog", 10_000),
            TextBytes = arguments.Number("text-bytes", 200),
        };
    }

    /// <returns>The results, each checked.</returns>
    public async Task<IReadOnlyList<RunResult>> RunAsync()
    {
        await using var generator = ChildProcess.Start(serverCollector: false, ["generate"]);
        var lasting = works.Where(work => !work.Fresh).ToList();
        if (lasting.Count > 0)
        {
            await LastingAsync(generator, lasting);
        }

        foreach (var work in works.Where(work => work.Fresh))
        {
            foreach (var target in Turns())
            {
                await using var server = await RunningServer.StartAsync(target, writers, postgresSettings);
                await WarmAsync(generator, server);
                await RunAsync(generator, server, work);
            }
        }

        return results;
    }

    private async Task LastingAsync(ChildProcess generator, List<Work> lasting)
    {
        var servers = new Dictionary<Target, RunningServer>();
        try
        {
            foreach (var target in targets)
            {
                servers[target] = await RunningServer.StartAsync(target, writers, postgresSettings);
                await WarmAsync(generator, servers[target]);
            }

            foreach (var work in lasting)
            {
                foreach (var target in Turns().Where(target => !work.Stores || target.Kind != "relay"))
                {
                    await RunAsync(generator, servers[target], work);
                }
            }
        }
        finally
        {
            foreach (var server in servers.Values)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>The order of the runs: A B C A B C, or A A B B C C.</summary>
    private IEnumerable<Target> Turns() => interleave
        ? Enumerable.Range(0, runs).SelectMany(_ => targets)
        : targets.SelectMany(target => Enumerable.Repeat(target, runs));

    private async Task WarmAsync(ChildProcess generator, RunningServer server)
    {
        if (warmUp > 0)
        {
            Console.Error.WriteLine($"{server.Target.Name}: warming up for {warmUp} s");
            await AskAsync(generator, server.Aim(basis with { WarmUp = 0, Seconds = warmUp, Rate = 0, Windows = 1 }));
        }
    }

    private async Task RunAsync(ChildProcess generator, RunningServer server, Work work)
    {
        Console.Error.WriteLine($"{server.Target.Name}: running {work.Name}");
        var result = await AskAsync(generator, server.Aim(work.Shape(basis)));
        result.Scenario = work.Name;
        result.Server = server.Target.Name;
        if (result.Failure is null && result.Rows >= 0 && result.Rows != result.Accepted)
        {
            result.Failure = $"{result.Accepted} messages were accepted, {result.Rows} are stored";
        }

        results.Add(result);
        var summary = string.Join("  ", Figure.Order.Where(result.Figures.ContainsKey).Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure} {result.Figures[figure]:N2}")));
        Console.Error.WriteLine($"{work.Name} {server.Target.Name}: {summary} {result.Failure}");
    }

    private static async Task<RunResult> AskAsync(ChildProcess generator, Plan plan)
    {
        await generator.WriteAsync(JsonSerializer.Serialize(plan, Json.Line));
        return JsonSerializer.Deserialize<RunResult>(await generator.ReadAsync(Generator.Announcement), Json.Line)!;
    }
}
