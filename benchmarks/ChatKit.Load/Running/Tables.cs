using System.Globalization;
using System.Text;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Running;

/// <summary>Medians and spread of the runs, a table a scenario, in Markdown (which the console reads well, too).</summary>
internal static class Tables
{
    public static string Write(Report report)
    {
        var text = new StringBuilder();
        foreach (var scenario in report.Runs.GroupBy(run => run.Scenario))
        {
            var servers = scenario.GroupBy(run => run.Server).ToList();
            var figures = Figure.Order.Where(figure => servers.Any(server => server.Any(run => run.Figures.ContainsKey(figure)))).ToList();
            text.Append(CultureInfo.InvariantCulture, $"### {scenario.Key}\n\n{Work.Parse(scenario.Key).About}.\n\n");
            text.Append("| | ").AppendJoin(" | ", servers.Select(server => server.Key)).Append(" |\n|---|").AppendJoin("|", servers.Select(_ => "---:")).Append("|\n");
            foreach (var figure in figures)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {figure} | ").AppendJoin(" | ", servers.Select(server => Cell(server, figure))).Append(" |\n");
            }

            text.Append("| runs, rows = accepted | ").AppendJoin(" | ", servers.Select(Check)).Append(" |\n\n");
            foreach (var run in scenario.Where(static run => run.Windows.Count > 1))
            {
                WriteWindows(text, run);
            }
        }

        return text.ToString();
    }

    /// <summary>The windows of one run, thirteen rows of them at most.</summary>
    private static void WriteWindows(StringBuilder text, RunResult run)
    {
        List<string> figures = [.. Figure.Order.Where(run.Windows[0].ContainsKey)];
        text.Append(CultureInfo.InvariantCulture, $"{run.Server}, window by window; heap after a full collection {string.Join(" MiB before, ", run.Heap.Select(Text))} MiB after.\n\n");
        text.Append("| window | ").AppendJoin(" | ", figures).Append(" |\n|---:|").AppendJoin("|", figures.Select(static _ => "---:")).Append("|\n");
        var step = Math.Max(1, (run.Windows.Count + 11) / 12);
        for (var i = 0; i < run.Windows.Count; i++)
        {
            if (i % step == 0 || i == run.Windows.Count - 1)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {i + 1} | ").AppendJoin(" | ", figures.Select(figure => Text(run.Windows[i][figure]))).Append(" |\n");
            }
        }

        text.Append('\n');
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Check(IEnumerable<RunResult> runs)
    {
        var all = runs.ToList();
        var bad = all.Count(run => run.Failure is not null);
        return bad > 0 ? $"{bad} of {all.Count} FAILED" : all[0].Rows < 0 ? $"{all.Count}, stores nothing" : $"{all.Count}, yes";
    }

    private static string Cell(IEnumerable<RunResult> runs, string figure)
    {
        var values = runs.Where(run => run.Failure is null && run.Figures.ContainsKey(figure)).Select(run => run.Figures[figure]).ToList();
        if (values.Count == 0)
        {
            return "";
        }

        var median = Text(Median(values));
        return values.Count == 1 ? median : $"{median} ({Text(values.Min())}–{Text(values.Max())})";
    }

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "N0" : Math.Abs(value) >= 10 ? "N1" : "N2", CultureInfo.InvariantCulture);
}
