using System.Globalization;
using System.Text.Json;
using ChatKit.Load.Measuring;
using ChatKit.Load.Running;
using ChatKit.Load.Servers;

// Roles: run (the default), serve and generate (started by run), tables (result files to Markdown), plot (result files to a picture).
var role = args.Length > 0 && !args[0].StartsWith("--", StringComparison.Ordinal) ? args[0] : "run";
var options = new Arguments(args.Length > 0 && args[0] == role ? args.AsSpan(1) : args);
try
{
    return role switch
    {
        "run" => await RunAsync(options),
        "serve" => await BenchServer.RunAsync(options),
        "generate" => await Generator.RunAsync(),
        "tables" => await PrintTablesAsync(options),
        "plot" => await PlotAsync(options),
        _ => throw new ArgumentException($"There is no role {role}: run, tables, plot; and for run's own use serve, generate."),
    };
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}

static async Task<int> RunAsync(Arguments options)
{
    var coordinator = new Coordinator(options);
    var json = options.Has("json") ? options.Text("json") : null;
    options.RefuseUnknown();
    var report = new Report
    {
        Machine = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, .NET {Environment.Version}"),
        Command = string.Join(' ', Environment.GetCommandLineArgs().Skip(1)),
        At = TimeProvider.System.GetUtcNow(),
        Runs = await coordinator.RunAsync(),
    };
    if (json is not null)
    {
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(report, Json.File));
    }

    Console.WriteLine(Tables.Write(report));
    return report.Runs.Any(run => run.Failure is not null) ? 1 : 0;
}

static async Task<int> PrintTablesAsync(Arguments options)
{
    var runs = new List<RunResult>();
    foreach (var file in options.Text("json").Split(','))
    {
        runs.AddRange(JsonSerializer.Deserialize<Report>(await File.ReadAllTextAsync(file), Json.File)!.Runs);
    }

    Console.WriteLine(Tables.Write(new Report { Runs = runs }));
    return 0;
}

static async Task<int> PlotAsync(Arguments options)
{
    var points = new List<(double X, IReadOnlyList<RunResult> Runs)>();
    foreach (var point in options.Text("points").Split(','))
    {
        var (x, file) = (point[..point.IndexOf(':', StringComparison.Ordinal)], point[(point.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        points.Add((double.Parse(x, CultureInfo.InvariantCulture), JsonSerializer.Deserialize<Report>(await File.ReadAllTextAsync(file), Json.File)!.Runs));
    }

    await File.WriteAllTextAsync(options.Text("out"), CostPlot.Draw(options.Text("title"), options.Text("grows"), points, options.Text("figures").Split(',')));
    return 0;
}
