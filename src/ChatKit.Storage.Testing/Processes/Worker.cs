using System.Diagnostics;
using System.Globalization;

namespace ChatKit.Storage.Testing;

/// <summary>The other process, seen from the suite.</summary>
internal sealed class Worker : IDisposable
{
    private readonly Process _process;

    private Worker(Process process) => _process = process;

    /// <summary>Starts it with a task.</summary>
    public static Worker Start(StorageWorkerProcess program, params string[] task)
    {
        var start = program.Start();
        start.ArgumentList.Add(StorageWorker.Separator);
        foreach (var argument in task)
        {
            start.ArgumentList.Add(argument);
        }

        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.UseShellExecute = false;
        start.Environment["CHATKIT_WORKER_PARENT"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return new Worker(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} does not start."));
    }

    /// <summary>Waits until it has opened the storage, or was refused.</summary>
    /// <returns>The line it said.</returns>
    public async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        Assert.True(line is not null, "The worker process ended without a word: does its main return what StorageWorker.RunAsync returns?");
        return line;
    }

    /// <summary>Lets the race begin.</summary>
    public Task GoAsync() => _process.StandardInput.WriteLineAsync("go");

    /// <summary>Reads all it says until it ends.</summary>
    public async Task<(int ExitCode, IReadOnlyList<Accepted> Lines)> FinishAsync(CancellationToken cancellationToken)
    {
        var rest = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, [.. rest.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Accepted.Parse)]);
    }

    /// <summary>Reads until it has said so many lines, kills it with SIGKILL, and gives all whole lines it said.</summary>
    public async Task<IReadOnlyList<Accepted>> KillAfterAsync(int lines, CancellationToken cancellationToken)
    {
        List<Accepted> said = [];
        while (said.Count < lines && await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            said.Add(Accepted.Parse(line));
        }

        Assert.False(_process.HasExited, "The worker process ended by itself.");
        _process.Kill();
        var rest = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);

        // The kill may have cut the last line.
        said.AddRange(rest.Split('\n')[..^1].Where(line => line.Length > 0).Select(Accepted.Parse));
        return said;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
