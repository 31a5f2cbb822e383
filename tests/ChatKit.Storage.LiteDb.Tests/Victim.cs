using System.Diagnostics;

namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>The process that appends until it is killed.</summary>
internal sealed class Victim : IDisposable
{
    private readonly Process _process;

    public static string Program { get; } =
        Path.Combine(AppContext.BaseDirectory, "ChatKit.Storage.LiteDb.Victim" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    public Victim(string database, string run)
    {
        _process = Process.Start(new ProcessStartInfo(Program, [database, run]) { RedirectStandardOutput = true })!;
    }

    /// <summary>Reads lines until there are so many, kills the process with SIGKILL, and returns all whole lines it wrote.</summary>
    public async Task<IReadOnlyList<string>> KillAfterAsync(int lines, CancellationToken cancellationToken)
    {
        var read = new List<string>();
        while (read.Count < lines && await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            read.Add(line);
        }

        Assert.False(_process.HasExited);
        _process.Kill();
        var rest = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);

        // The kill may have cut the last line.
        read.AddRange(rest.Split('\n')[..^1]);
        return read;
    }

    public async Task<(int ExitCode, string Output)> WaitAsync(CancellationToken cancellationToken)
    {
        var output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, output);
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
