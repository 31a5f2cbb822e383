using System.Text.Json;
using ChatKit.Load.Measuring;
using ChatKit.Load.Scenarios;

namespace ChatKit.Load.Running;

/// <summary>The role <c>generate</c>: a plan a line in, a result a line out. It stays for all runs, so that it is warm, too.</summary>
internal static class Generator
{
    public const string Announcement = "RESULT ";

    public static async Task<int> RunAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var plan = JsonSerializer.Deserialize<Plan>(line, Json.Line)!;
            var result = await RunAsync(plan);
            Console.WriteLine(Announcement + JsonSerializer.Serialize(result, Json.Line));
        }

        return 0;
    }

    private static async Task<RunResult> RunAsync(Plan plan)
    {
        IScenario scenario = plan.Scenario switch
        {
            "groups" => new GroupsScenario(),
            "idle" => new IdleScenario(),
            "offline" => new OfflineScenario(),
            "soak" => new SoakScenario(),
            "zipf" => new ZipfScenario(),
            _ => new PairsScenario(),
        };
        var result = new RunResult { Scenario = plan.Scenario };
        try
        {
            using var site = new Site(plan);
            await scenario.RunAsync(site, result);
            if (site.IsChatKit && result.Receipts == 0 && result.Failure is null && plan.Scenario != "offline")
            {
                result.Failure = "no receipt came";
            }

            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System); // The last acknowledgements leave.
        }
        catch (Exception exception)
        {
            result.Failure = exception.ToString();
        }

        return result;
    }
}
