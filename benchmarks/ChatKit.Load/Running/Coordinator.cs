using System.Globalization;
using System.Text.Json;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Running;

/// <summary>The role <c>run</c>: starts servers and generator, takes the runs in turn, checks each, prints tables.</summary>
internal sealed class Coordinator
{
    /// <summary>A host is warm when its compiler works less than this in a second of load: one that has not seen a scenario compiles for a third of a core, half a minute long.</summary>
    private const double Warm = 10;

    /// <summary>Seconds of a round of warming. Each connects anew, since connecting is compiled, too.</summary>
    private const double Round = 4;

    /// <summary>However much is left to compile then, the runs begin; their tables tell it.</summary>
    private const int MostRounds = 12;

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
                await WarmAsync(generator, server, basis, warmUp);
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
            }

            foreach (var work in lasting)
            {
                foreach (var target in targets.Where(work.IsFor))
                {
                    await WarmAsync(generator, servers[target], work.Shape(basis), work == lasting[0] ? warmUp : 0);
                }

                foreach (var target in Turns().Where(work.IsFor))
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

    /// <summary>Puts a server under a load in rounds, until it has compiled what that needs.</summary>
    private async Task WarmAsync(ChildProcess generator, RunningServer server, Plan plan, double atLeast)
    {
        if (warmUp <= 0)
        {
            return;
        }

        Console.Error.WriteLine($"{server.Target.Name}: warming up for {plan.Scenario}");
        double compiling;
        var round = 0;
        do
        {
            var result = await AskAsync(generator, server.Aim(plan with { WarmUp = 0, Seconds = Round, Windows = 1 }));
            compiling = result.Figures.GetValueOrDefault(Figure.Compiling);
            round++;
            if (result.Failure is not null)
            {
                Console.Error.WriteLine($"{server.Target.Name}: {result.Failure}");
            }
        }
        while (round * Round < atLeast || (compiling > Warm && round < MostRounds));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{server.Target.Name}: after {round * Round} s its compiler works {compiling:N1} ms a second"));
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
