using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using ChatKit.Tests.Shared;
using Npgsql;

namespace ChatKit.FaultRun;

/// <summary>The PostgreSQL of a run, on a small file system of its own so that it can be full, and what is done to it.</summary>
internal sealed class Database : IAsyncDisposable
{
    // Little log is kept, so that the ballast finds the room it is to take.
    private const string Settings = "-c max_wal_size=64MB -c min_wal_size=32MB -c wal_level=minimal -c max_wal_senders=0";
    private const string FileSystemSize = "384m";
    private static readonly TimeSpan Attempt = TimeSpan.FromMilliseconds(50);

    private readonly string folder;
    private readonly PostgresServer server;
    private readonly string name;

    private Database(string folder, PostgresServer server, string name)
    {
        this.folder = folder;
        this.server = server;
        this.name = name;
    }

    public string ConnectionString => server.ConnectionString(name);

    private string Ballast => Path.Combine(folder, "ballast");

    public static async Task<Database> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("chatkit-fault-pg-").FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=" + FileSystemSize, "tmpfs", folder);
        await RunAsync("chmod", "755", folder);
        var data = Directory.CreateDirectory(Path.Combine(folder, "server")).FullName;
        var server = await PostgresServer.StartAsync(Settings, data);
        return new Database(folder, server, await server.CreateDatabaseAsync());
    }

    /// <summary>Plays the faults of a seed; at the end the server is up and has room.</summary>
    public async Task PlayAsync(IReadOnlyList<DatabaseStep> steps, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        foreach (var step in steps)
        {
            var wait = step.At - TimeProvider.System.GetElapsedTime(began);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, TimeProvider.System, cancellationToken);
            }

            await PlayAsync(step, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await RunAsync("umount", folder);
        Directory.Delete(folder);
    }

    private Task PlayAsync(DatabaseStep step, CancellationToken cancellationToken) => step.Fault switch
    {
        DatabaseFault.Kill => KillAsync(step.Lasts, cancellationToken),
        DatabaseFault.CutConnections => server.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"),
        DatabaseFault.LongLock => LockAsync(step.Lasts, cancellationToken),
        DatabaseFault.FullDisk => FillAsync(step.Lasts, cancellationToken),
        _ => throw new InvalidOperationException($"{step.Fault} is no fault of a database."),
    };

    private async Task KillAsync(TimeSpan lasts, CancellationToken cancellationToken)
    {
        await server.KillAsync();
        await Task.Delay(lasts, TimeProvider.System, cancellationToken);
        await server.StartAgainAsync();
    }

    private async Task LockAsync(TimeSpan lasts, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(name);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("lock table chatkit.conversations in access exclusive mode", connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await Task.Delay(lasts, TimeProvider.System, cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
    }

    /// <summary>The server's errors are what the host meets; should it give up altogether, it is started again when there is room.</summary>
    private async Task FillAsync(TimeSpan lasts, CancellationToken cancellationToken)
    {
        try
        {
            var zeros = new byte[64 * 1024];
            await using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            while (true)
            {
                ballast.Write(zeros);
            }
        }
        catch (IOException)
        {
            // Full.
        }

        await Task.Delay(lasts, TimeProvider.System, cancellationToken);
        File.Delete(Ballast);
        while (!await AnswersAsync())
        {
            if (server.ProcessId is not { } id || !IsRunning(id))
            {
                await server.StartAgainAsync();
            }

            await Task.Delay(Attempt, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await server.ScalarAsync<int>("select 1") == 1;
        }
        catch (NpgsqlException)
        {
            // Down, or recovering.
            return false;
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                    $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {error}A run on PostgreSQL needs a file system of its own: run it as root."));
            }
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"There is no {program}: a run on PostgreSQL needs a file system of its own.", e);
        }
    }
}
