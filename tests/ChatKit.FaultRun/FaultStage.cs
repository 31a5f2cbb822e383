using ChatKit.Testing;
using ChatKit.Tests.Shared;

namespace ChatKit.FaultRun;

/// <summary>The host of a run. It is kept over seeds: each has a tenant of its own.</summary>
internal sealed class FaultStage : IAsyncDisposable
{
    private readonly string? folder;
    private readonly PostgresServer? postgres;

    private FaultStage(HostRunner host, string? folder, PostgresServer? postgres)
    {
        Host = host;
        this.folder = folder;
        this.postgres = postgres;
    }

    public HostRunner Host { get; }

    public static async Task<FaultStage> StartAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("chatkit-fault-").FullName;
        PostgresServer? postgres = null;
        List<string> arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "ChatKit.FaultHost.dll"), "--urls", "http://127.0.0.1:" + HostRunnerOptions.PortPlaceholder,
            "--store", options.Store, "--data", folder,
        ];
        if (options.Store == "postgres")
        {
            postgres = await PostgresServer.StartAsync();
            arguments.AddRange(["--postgres", postgres.ConnectionString(await postgres.CreateDatabaseAsync())]);
        }

        if (options.Plant is not null)
        {
            arguments.AddRange(["--plant", options.Plant]);
        }

        var host = await HostRunner.StartAsync(new HostRunnerOptions { Arguments = arguments, WorkingFolder = folder }, cancellationToken);
        return new FaultStage(host, folder, postgres);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
