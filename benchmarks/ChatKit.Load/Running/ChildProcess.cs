using System.Diagnostics;

namespace ChatKit.Load.Running;

/// <summary>One of the tool's roles in a process of its own. It ends when its standard input does.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Process process;

    private ChildProcess(Process process) => this.process = process;

    public int Id => process.Id;

    /// <param name="serverCollector">Whether it collects garbage as an ASP.NET Core host does by default.</param>
    /// <param name="arguments">Role and options.</param>
    /// <param name="program">This tool, of another build; null: this one.</param>
    /// <param name="settings">Variables of its environment.</param>
    public static ChildProcess Start(bool serverCollector, IEnumerable<string> arguments, string? program = null, IEnumerable<KeyValuePair<string, string>>? settings = null)
    {
        var self = program ?? Environment.ProcessPath!;
        var assembly = typeof(ChildProcess).Assembly.Location;
        var isHost = !Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(self) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (!isHost)
        {
            start.ArgumentList.Add(assembly);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_gcServer"] = serverCollector ? "1" : "0";
        foreach (var (name, value) in settings ?? [])
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!);
    }

    public async Task<string> ReadAsync(string prefix)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                return line[prefix.Length..];
            }

            Console.Error.WriteLine(line);
        }

        throw new InvalidOperationException($"Process {process.Id} ended before it said '{prefix.Trim()}'.");
    }

    public async Task WriteAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
