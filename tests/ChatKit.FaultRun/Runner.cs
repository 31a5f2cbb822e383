using System.Globalization;
using ChatKit.Testing;

namespace ChatKit.FaultRun;

/// <summary>Runs seeds one after the other.</summary>
internal static class Runner
{
    private const int ShownFindings = 15;

    /// <returns>The seeds with findings, and what they found.</returns>
    public static async Task<IReadOnlyList<(long Seed, IReadOnlyList<Finding> Findings)>> RunAsync(RunOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var failed = new List<(long, IReadOnlyList<Finding>)>();
        var began = TimeProvider.System.GetTimestamp();
        await using var stage = await FaultStage.StartAsync(options, cancellationToken);
        for (var seed = options.Seed; seed < options.Seed + options.Seeds && (options.GoOn || failed.Count == 0); seed++)
        {
            var plan = new Plan(seed, options);
            if (options.Script)
            {
                await output.WriteLineAsync(plan.ToString());
            }

            var result = await SeedRun.RunAsync(stage, plan, options, cancellationToken);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"seed {seed} {options.Store}: {(result.Findings.Count == 0 ? "clean" : $"{result.Findings.Count} findings")}, {result.Records.Count} devices, {result.Records.Sum(static r => r.Lines.Count)} lines, {result.Played.TotalSeconds:0.0} + {(result.Took - result.Played).TotalSeconds:0.0} s"));
            if (options.Record is { } file && (result.Findings.Count > 0 || seed == options.Seed + options.Seeds - 1))
            {
                await using var writer = new StreamWriter(result.Findings.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{file}.{seed}") : file);
                foreach (var record in result.Records)
                {
                    await record.WriteAsync(writer, cancellationToken);
                }
            }

            if (result.Findings.Count > 0)
            {
                failed.Add((seed, result.Findings));
                foreach (var finding in result.Findings.Take(ShownFindings))
                {
                    await output.WriteLineAsync($"  {finding}");
                }

                await output.WriteLineAsync($"  again: {options.Replay(seed)}");
                foreach (var line in stage.Host.Output.Split(Environment.NewLine).Where(static line => !line.StartsWith("info:", StringComparison.Ordinal)).TakeLast(ShownFindings))
                {
                    await output.WriteLineAsync($"  host: {line}");
                }
            }
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{options.Seeds} seeds from {options.Seed} on {options.Store}: {failed.Count} failed, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s"));
        return failed;
    }
}
