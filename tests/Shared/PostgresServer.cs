using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ChatKit.Tests.Shared;

/// <summary>A PostgreSQL server of a test's own, on a free port of the loopback, in a folder of its own. It dies with this process.
/// Link this file into a test project that references Npgsql.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "postgres";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly Lazy<Task<PostgresServer>> OfProcess = new(static () => StartAsync());
    private static int _names;

    private readonly string _folder;
    private readonly string _settings;
    private Process? _process;

    private PostgresServer(string folder, string settings)
    {
        _folder = folder;
        _settings = settings;
        Port = FreePort();
    }

    public int Port { get; }

    /// <summary>The process of the postmaster.</summary>
    public int? ProcessId => _process?.Id;

    public string DataFolder => Path.Combine(_folder, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>The server all tests of this process share: nobody may kill it.</summary>
    public static Task<PostgresServer> SharedAsync() => OfProcess.Value;

    /// <summary>Makes and starts a server.</summary>
    /// <param name="settings">More settings, as <c>-c name=value</c> each.</param>
    /// <param name="folder">An empty folder for it; null for a temporary one.</param>
    public static async Task<PostgresServer> StartAsync(string settings = "", string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("chatkit-pg-").FullName;
        var server = new PostgresServer(folder, settings);
        if (IsRoot)
        {
            await RunAsync("chown", [User, folder]);
        }

        await RunAsPostgresAsync("initdb", ["-D", server.DataFolder, "-A", "trust", "-U", User, "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>How to connect.</summary>
    /// <param name="database">The database.</param>
    /// <param name="more">More of the connection string.</param>
    public string ConnectionString(string database = User, string more = "") =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={User};Database={database};Include Error Detail=true;{more}");

    /// <summary>A name for a schema or database that nobody in this process used.</summary>
    public static string NewName() => string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _names)}");

    /// <summary>Makes an empty database.</summary>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = NewName();
        await ExecuteAsync($"create database {name} {options}");
        return name;
    }

    /// <summary>Runs statements on a connection of its own.</summary>
    public async Task ExecuteAsync(string sql, string database = User)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads one value on a connection of its own.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, string database = User)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task<NpgsqlConnection> OpenAsync(string database = User)
    {
        var connection = new NpgsqlConnection(ConnectionString(database, "Pooling=false"));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Ends the server with SIGKILL, as a power cut of the process would.</summary>
    public Task KillAsync() => EndAsync("-KILL");

    /// <summary>Ends the server in order, sessions cut (SIGINT).</summary>
    public Task StopAsync() => EndAsync("-INT");

    /// <summary>Stops every process of the server where it is (SIGSTOP): it takes connections and answers nothing.</summary>
    public Task FreezeAsync() => SignalAllAsync("-STOP");

    /// <summary>Lets a frozen server go on.</summary>
    public Task ThawAsync() => SignalAllAsync("-CONT");

    /// <summary>Starts the server that was ended, on the same port.</summary>
    public async Task StartAgainAsync()
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            var process = await LaunchAsync();
            while (started.Elapsed < StartLimit && !process.HasExited)
            {
                if (await AnswersAsync())
                {
                    _process = process;
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }

            // After a SIGKILL its children may hold the shared memory for a moment.
            if (started.Elapsed >= StartLimit)
            {
                throw new InvalidOperationException("PostgreSQL does not start: " + await File.ReadAllTextAsync(Path.Combine(_folder, "log")));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            // At once, without a checkpoint, but not before its children have ended (SIGQUIT): version 14's write a last file into the folder.
            await ThawAsync();
            await EndAsync("-QUIT");
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task RunAsPostgresAsync(string program, string[] arguments)
    {
        var binary = Path.Combine(Binaries(), program);
        if (IsRoot)
        {
            await RunAsync("setpriv", [$"--reuid={User}", $"--regid={User}", "--init-groups", "--", binary, .. arguments]);
        }
        else
        {
            await RunAsync(binary, arguments);
        }
    }

    private static string Binaries()
    {
        var folders = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(static path => int.TryParse(Path.GetFileName(path), out var major) ? major : 0)
                .Select(static path => Path.Combine(path, "bin"))
            : [];
        // Another version than the newest installed: its folder of programs (eng/postgres-versions.sh).
        string[] chosen = Environment.GetEnvironmentVariable("CHATKIT_POSTGRES_BIN") is { Length: > 0 } folder ? [folder] : [];
        var found = chosen.Concat(folders).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(static path => File.Exists(Path.Combine(path, "initdb")));
        return found ?? throw new InvalidOperationException(
            "There is no PostgreSQL (no initdb under /usr/lib/postgresql/*/bin or in the PATH). Install it: apt-get install postgresql");
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
        }
    }

    /// <summary>The kernel kills the server when the thread that started it ends, so a thread of its own waits for it.</summary>
    private Task<Process> LaunchAsync()
    {
        var launched = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = string.Create(CultureInfo.InvariantCulture, $"'{Path.Combine(Binaries(), "postgres")}' -D '{DataFolder}' -p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{_folder}' -c max_connections=300 {_settings} >>'{_folder}/log' 2>&1");
        string[] privileges = IsRoot ? [$"--reuid={User}", $"--regid={User}", "--init-groups"] : [];
        new Thread(() =>
        {
            try
            {
                var process = Process.Start(new ProcessStartInfo("setpriv", [.. privileges, "--pdeathsig=KILL", "--", "/bin/sh", "-c", "exec " + command]))!;
                launched.SetResult(process);
                process.WaitForExit();
            }
            catch (Exception e)
            {
                launched.TrySetException(e);
            }
        })
        { IsBackground = true }.Start();
        return launched.Task;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = await OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task SignalAllAsync(string signal)
    {
        var server = _process!.Id.ToString(CultureInfo.InvariantCulture);

        // The postmaster first, so that it starts no more children; it has every child of its own itself.
        await RunAsync("/bin/sh", ["-c", $"kill {signal} {server}; kill {signal} $(cat /proc/{server}/task/*/children) 2>/dev/null || true"]);
    }

    private async Task EndAsync(string signal)
    {
        var process = _process ?? throw new InvalidOperationException("The server is not running.");
        _process = null;
        await RunAsync("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
