using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ChatKit.Testing;

/// <summary>Runs the real host as a process of its own: starts it, kills it without warning, starts it again on the same port.
/// Members may be called from any thread, one at a time. The host dies with this process, however that ends (on Windows: when it ends by itself).</summary>
/// <remarks>The host must print an <c>http</c> address when it listens, as every ASP.NET Core host does (<c>Now listening on: http://127.0.0.1:5000</c>).</remarks>
public sealed partial class HostRunner : IAsyncDisposable
{
    /// <summary>The shell holds our pipe: when this process is gone the pipe ends, and the shell kills the host.</summary>
    private const string Guard = "\"$@\" </dev/null & p=$!; echo \"chatkit-host $p\"; exec 1>/dev/null 2>&1; cat >/dev/null; kill -9 $p; wait $p";
    private const string GuardPrefix = "chatkit-host ";

    private readonly HostRunnerOptions options;
    private readonly Lock gate = new();
    private readonly Queue<string> lines = new();
    private Process? process;
    private Process? host;
    private TaskCompletionSource<Uri> listening = new();
    private Task output = Task.CompletedTask;
    private int port;

    private HostRunner(HostRunnerOptions options) => this.options = options;

    /// <summary>The address the host printed last; the same over restarts.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The process id of the host; null when none runs.</summary>
    public int? ProcessId => host?.Id;

    /// <summary>How often the host was started.</summary>
    public int Starts { get; private set; }

    /// <summary>The last lines the host wrote, over all its starts.</summary>
    public string Output
    {
        get
        {
            lock (gate)
            {
                return string.Join(Environment.NewLine, lines);
            }
        }
    }

    /// <summary>Starts a host and waits until it listens.</summary>
    /// <param name="options">Which program.</param>
    /// <param name="cancellationToken">Gives up, and kills what was started.</param>
    /// <returns>The running host.</returns>
    /// <exception cref="InvalidOperationException">The host ended, or printed no address in time; the message has its output.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The program is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<HostRunner> StartAsync(HostRunnerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var runner = new HostRunner(options);
        try
        {
            await runner.StartAgainAsync(cancellationToken);
            return runner;
        }
        catch
        {
            await runner.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the host (SIGKILL, or TerminateProcess): nothing of it runs any more when the task completes. Does nothing when none runs.</summary>
    /// <returns>A task that completes when the host is gone.</returns>
    public async Task KillAsync()
    {
        if (process is null)
        {
            return;
        }

        try
        {
            host?.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }

        if (!ReferenceEquals(host, process))
        {
            process.StandardInput.Close();
        }

        await process.WaitForExitAsync();
        await output;
        host?.Dispose();
        process.Dispose();
        host = process = null;
    }

    /// <summary>Kills the host if it runs, and starts it on the same port.</summary>
    /// <param name="cancellationToken">Gives up the waiting for its address.</param>
    /// <returns>A task that completes when it listens.</returns>
    /// <exception cref="InvalidOperationException">The host ended, or printed no address in time; the message has its output.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await KillAsync();
        await StartAgainAsync(cancellationToken);
    }

    /// <summary>Kills the host.</summary>
    /// <returns>A task that completes when the host is gone.</returns>
    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ready = listening.Task;
        var arguments = options.Arguments.Select(one => one.Replace(HostRunnerOptions.PortPlaceholder, port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        var guarded = !OperatingSystem.IsWindows();
        var start = guarded
            ? new ProcessStartInfo("/bin/sh", ["-c", Guard, "sh", options.Program, .. arguments])
            : new ProcessStartInfo(options.Program, arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.WorkingDirectory = options.WorkingFolder ?? "";
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
        Starts++;
        if (!guarded)
        {
            host = process;
        }

        output = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError)).ContinueWith(
            _ => listening.TrySetException(new InvalidOperationException($"The host ended before it listened:{Environment.NewLine}{Output}")),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            Address = await ready.WaitAsync(options.StartTimeout, TimeProvider.System, cancellationToken);
            port = Address.Port;
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"The host printed no address within {options.StartTimeout}:{Environment.NewLine}{Output}");
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(GuardPrefix, StringComparison.Ordinal))
            {
                Attach(int.Parse(line.AsSpan(GuardPrefix.Length), CultureInfo.InvariantCulture));
                continue;
            }

            lock (gate)
            {
                lines.Enqueue(line);
                while (lines.Count > options.KeptLines)
                {
                    lines.Dequeue();
                }
            }

            if (AddressPattern().Match(line) is { Success: true } match)
            {
                listening.TrySetResult(new Uri(match.Value));
            }
        }
    }

    private void Attach(int id)
    {
        try
        {
            host = Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            // Gone already: the end of its output says so.
        }
    }

    [GeneratedRegex(@"https?://[^\s/]+:\d+")]
    private static partial Regex AddressPattern();
}
