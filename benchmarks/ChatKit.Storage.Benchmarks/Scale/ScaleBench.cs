using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.Benchmarks;

/// <summary>What calls of the PostgreSQL store cost when it holds more and more, and which indexes they use at the end.</summary>
internal static class ScaleBench
{
    /// <summary>The machine varies from minute to minute: every call is measured in so many rounds, spread over as many minutes.</summary>
    private const int Rounds = 5;

    private static readonly TimeSpan Warm = TimeSpan.FromMilliseconds(500);

    /// <summary>So many appends of 100 before the first round, twenty messages a conversation of the smallest store: after a checkpoint the first write to a page
    /// logs it whole, and after a load the next pages are not in memory. A server that runs is past both.</summary>
    private const int Settling = 200;

    /// <summary>Of a call that makes the store grow, no more in a round.</summary>
    private const int MostGrowing = 50;

    /// <returns>The section of docs/performance.md; the plot goes to <paramref name="plot"/>.</returns>
    public static async Task<string> RunAsync(IReadOnlyList<long> sizes, TimeSpan each, string? plot)
    {
        // A quarter of a small server's memory, as PostgreSQL's manual advises, instead of the 128 MB of the default.
        await using var server = await PostgresServer.StartAsync("-c shared_buffers=1GB -c max_wal_size=4GB");
        List<(long Entries, long After, double Bytes, double LoadSeconds, List<(double P50, double P99)> Calls)> steps = [];
        await using var provider = Open(server);
        var chat = new ScaleChat(provider);
        await chat.CreateAsync();
        var timed = HotQueries.Of(provider, chat).Where(static query => query.Timed).ToList();
        foreach (var size in sizes)
        {
            var (before, clock) = (chat.Entries, Stopwatch.StartNew());
            await chat.LoadAsync(size);
            var load = clock.Elapsed.TotalSeconds;
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{chat.Entries:N0} entries, {(chat.Entries - before) / load:N0} a second"));

            // A server that has run for a while has done both by itself.
            await server.ExecuteAsync("vacuum analyze");
            await server.ExecuteAsync("checkpoint");
            var settling = timed.Single(static query => query.Grows);
            for (var n = 0; n < Settling; n++)
            {
                await settling.Run(new Random(n));
            }

            var rounds = timed.ConvertAll(static _ => new List<(double P50, double P99)>());
            for (var round = 0; round < Rounds; round++)
            {
                for (var n = 0; n < timed.Count; n++)
                {
                    rounds[n].Add(await TimeAsync(timed[n], each));
                }
            }

            List<(double, double)> calls = rounds.ConvertAll(static all => (Median(all.Select(static one => one.P50)), Median(all.Select(static one => one.P99))));

            steps.Add((chat.Entries, chat.Count(), await server.ScalarAsync<long>("select pg_database_size(current_database())"), load, calls));
        }

        if (plot is not null)
        {
            await File.WriteAllTextAsync(plot, ScalePlot.Draw(
                [.. steps.Select(static step => step.Entries)],
                [.. timed.Select((query, n) => (query.Name, (IReadOnlyList<double>)[.. steps.Select(step => step.Calls[n].P50)]))]));
        }

        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| median / 99 % of a call, ms | {string.Join(" | ", steps.Select(static step => string.Create(CultureInfo.InvariantCulture, $"{step.Entries:N0} entries")))} |");
        text.AppendLine("|---|" + string.Concat(Enumerable.Repeat("---|", steps.Count)));
        for (var n = 0; n < timed.Count; n++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {timed[n].Name} | {string.Join(" | ", steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"{step.Calls[n].P50:0.00} / {step.Calls[n].P99:0.00}")))} |");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"| entries after the measurement | {string.Join(" | ", steps.Select(static step => step.After.ToString("N0", CultureInfo.InvariantCulture)))} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| size of the database | {string.Join(" | ", steps.Select(static step => string.Create(CultureInfo.InvariantCulture, $"{step.Bytes / (1 << 20):N0} MiB")))} |\n");
        text.AppendLine(await ExplainAsync(server, chat));
        return text.ToString();
    }

    private static ServiceProvider Open(PostgresServer server)
    {
        var services = new ServiceCollection();
        new BenchBuilder(services).UsePostgres(server.ConnectionString());
        return services.BuildServiceProvider();
    }

    private static async Task<(double P50, double P99)> TimeAsync(HotQuery query, TimeSpan duration)
    {
        var random = new Random(4711);
        List<double> latencies = [];
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Warm + duration && (!query.Grows || latencies.Count < MostGrowing))
        {
            var started = Stopwatch.GetTimestamp();
            await query.Run(random);
            if (clock.Elapsed > Warm || query.Grows)
            {
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        latencies.Sort();
        return (latencies[latencies.Count / 2], latencies[(int)(latencies.Count * 0.99)]);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static async Task<string> ExplainAsync(PostgresServer server, ScaleChat chat)
    {
        // New connections write the plans of all their statements, those inside functions too, to the server's log.
        await server.ExecuteAsync("""
            load 'auto_explain';
            alter database postgres set session_preload_libraries = 'auto_explain';
            alter database postgres set auto_explain.log_min_duration = 0;
            alter database postgres set auto_explain.log_nested_statements = on;
            alter database postgres set auto_explain.log_analyze = on;
            """);
        await using var explained = Open(server);
        var log = new ServerLog(Path.Combine(Path.GetDirectoryName(server.DataFolder)!, "log"));
        var text = new StringBuilder("| call | its scans, by auto_explain |\n|---|---|\n");
        foreach (var query in HotQueries.Of(explained, chat))
        {
            // Once to open the connection and let the functions' plans settle; then the plans that count.
            var random = new Random(1);
            await query.Run(random);
            log.Skip();
            await query.Run(random);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {query.Name} | {string.Join(", ", log.Scans().Select(static scan => scan.Replace("chatkit.", "", StringComparison.Ordinal)))} |");
        }

        return text.ToString();
    }
}
