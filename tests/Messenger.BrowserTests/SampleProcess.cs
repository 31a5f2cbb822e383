using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Messenger.BrowserTests;

/// <summary>The Messenger as a process of its own, on a free port, with a data folder of its own.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string data = Directory.CreateTempSubdirectory("messenger-test-").FullName;
    private readonly StringBuilder output = new();
    private readonly int port = FreePort();
    private Process? process;

    public Uri Address => new($"http://127.0.0.1:{port}/");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process = Start(["--urls", Address.ToString(), "--data", data], line =>
        {
            lock (output)
            {
                output.AppendLine(line);
            }

            if (line.Contains("Now listening on", StringComparison.Ordinal))
            {
                listening.TrySetResult();
            }
        });
        var ended = process.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(listening.Task, ended).WaitAsync(Patience, cancellationToken) == ended)
        {
            throw new InvalidOperationException($"The Messenger did not start:\n{Output}");
        }
    }

    /// <summary>The hardest stop there is: no goodbye, nothing flushed.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            process = null;
            running.Kill(entireProcessTree: true);
            await running.WaitForExitAsync(CancellationToken.None);
            running.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Runs the Messenger to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        using var running = Start(arguments, line =>
        {
            lock (lines)
            {
                lines.AppendLine(line);
            }
        });
        try
        {
            await running.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromMinutes(3), cancellationToken);
        }
        finally
        {
            if (!running.HasExited)
            {
                running.Kill(entireProcessTree: true);
            }
        }

        lock (lines)
        {
            return (running.ExitCode, lines.ToString());
        }
    }

    private string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    private static Process Start(string[] arguments, Action<string> line)
    {
        var start = new ProcessStartInfo("dotnet", [SampleFiles.Assembly, .. arguments])
        {
            WorkingDirectory = SampleFiles.Project,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment.Remove("ASPNETCORE_URLS");
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, one) => line(one.Data ?? "");
        process.ErrorDataReceived += (_, one) => line(one.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
