using ChatKit.Testing;

namespace ChatKit.FaultRun;

/// <summary>The host of a run. It is kept over seeds: each has a tenant of its own.</summary>
internal sealed class FaultStage : IAsyncDisposable
{
    private readonly string? folder;

    private FaultStage(HostRunner host, string? folder, Database? database)
    {
        Host = host;
        this.folder = folder;
        Database = database;
    }

    public HostRunner Host { get; }

    /// <summary>Null when the store is in the host.</summary>
    public Database? Database { get; }

    public static async Task<FaultStage> StartAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("chatkit-fault-").FullName;
        Database? database = null;
        List<string> arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "ChatKit.FaultHost.dll"), "--urls", "http://127.0.0.1:" + HostRunnerOptions.PortPlaceholder,
            "--store", options.Store, "--data", folder,
        ];
        if (options.Store == "postgres")
        {
            database = await Database.StartAsync();
            arguments.AddRange(["--postgres", database.ConnectionString]);
        }

        if (options.Plant is not null)
        {
            arguments.AddRange(["--plant", options.Plant]);
        }

        var host = await HostRunner.StartAsync(new HostRunnerOptions { Arguments = arguments, WorkingFolder = folder }, cancellationToken);
        return new FaultStage(host, folder, database);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
