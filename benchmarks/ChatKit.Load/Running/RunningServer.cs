using System.Globalization;
using ChatKit.Load.Servers;
using ChatKit.Tests.Shared;

namespace ChatKit.Load.Running;

/// <summary>A started server with what it stores on.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    /// <summary>A new database makes each 16 MB of its log anew, and the commit that needs them waits 150 to 300 ms for that; one in use takes over old ones.</summary>
    private const string LogSettings = "-c min_wal_size=1GB -c max_wal_size=4GB ";

    private const string FillLog = """
        do $fill$ begin
            for i in 1 .. 64 loop
                perform pg_logical_emit_message(false, 'fill', repeat('x', 16000000));
            end loop;
        end $fill$
        """;

    private readonly ChildProcess process;
    private readonly PostgresServer? postgres;
    private readonly DirectoryInfo data;

    private RunningServer(Target target, ChildProcess process, PostgresServer? postgres, Uri address, DirectoryInfo data)
    {
        Target = target;
        this.process = process;
        this.postgres = postgres;
        this.data = data;
        Address = address;
    }

    public Target Target { get; }

    public Uri Address { get; }

    public static async Task<RunningServer> StartAsync(Target target, int writers, string postgresSettings)
    {
        var data = Directory.CreateTempSubdirectory("chatkit-load-");
        var postgres = target.NeedsPostgres ? await StartPostgresAsync(postgresSettings) : null;
        List<string> arguments = ["serve", "--kind", target.Kind, "--store", target.Store, "--data", data.FullName, "--writers", writers.ToString(CultureInfo.InvariantCulture)];
        if (postgres is not null)
        {
            arguments.AddRange(["--postgres", postgres.ConnectionString(more: "Maximum Pool Size=100")]);
        }

        var process = ChildProcess.Start(serverCollector: true, arguments, target.Program, target.Settings);
        return new RunningServer(target, process, postgres, new Uri(await process.ReadAsync(BenchServer.Announcement)), data);
    }

    public Plan Aim(Plan plan) => plan with
    {
        Server = Address,
        Protocol = Target.Kind == "chatkit" ? "chatkit" : "plain",
        ServerPid = process.Id,
        DatabasePid = postgres?.ProcessId ?? 0,
    };

    private static async Task<PostgresServer> StartPostgresAsync(string settings)
    {
        var postgres = await PostgresServer.StartAsync(LogSettings + settings);
        await postgres.ExecuteAsync(FillLog);
        await postgres.ExecuteAsync("checkpoint");
        return postgres;
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        data.Delete(recursive: true);
    }
}
