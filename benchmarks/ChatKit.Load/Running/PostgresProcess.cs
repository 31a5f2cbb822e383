using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ChatKit.Load.Running;

/// <summary>A PostgreSQL of the run's own, with fsync and synchronous_commit on, as they are by default.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private readonly Process process;

    private PostgresProcess(Process process, string connectionString)
    {
        this.process = process;
        ConnectionString = connectionString;
    }

    public int Id => process.Id;

    public string ConnectionString { get; }

    public static async Task<PostgresProcess> StartAsync(DirectoryInfo parent)
    {
        var binaries = (await OutputAsync("pg_config", "--bindir")).Trim();
        var folder = parent.CreateSubdirectory("postgres").FullName;
        var asRoot = Environment.IsPrivilegedProcess;
        if (asRoot)
        {
            // PostgreSQL refuses to run as root.
            await OutputAsync("chmod", "711", parent.FullName);
            await OutputAsync("chown", "postgres", folder);
        }

        var data = Path.Combine(folder, "data");
        await OutputAsync([.. As(asRoot), Path.Combine(binaries, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
        var port = FreePort();
        var process = Start(
        [
            .. As(asRoot), Path.Combine(binaries, "postgres"), "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder}", "-c", "max_connections=200",
        ]);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        var result = new PostgresProcess(process, $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Maximum Pool Size=100");
        await result.WaitAsync();
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await OutputAsync("kill", "-INT", process.Id.ToString(CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static string[] As(bool asRoot) =>
        asRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL", "--"] : [];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task<string> OutputAsync(params string[] command)
    {
        using var process = Start(command);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command[0]}: {await errors}");
    }

    private async Task WaitAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString);
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (attempt < 200 && !process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }
}
