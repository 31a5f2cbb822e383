using System.Diagnostics;
using System.Globalization;
using ChatKit.Client.Tests.Fakes;

namespace ChatKit.Client.Tests.Hosting;

/// <summary>The app that is killed.</summary>
public sealed class VictimProcess : IDisposable
{
    private readonly Process process;

    public VictimProcess(Uri server, string folder, string group, string run, int seed)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ChatKit.Client.Victim" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        process = Process.Start(new ProcessStartInfo(program, [server.ToString(), folder, group, run, seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>The next line it writes; null at its end.</summary>
    public Task<string?> ReadAsync() =>
        process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(FakeServer.Patience);

    /// <summary>Kills it with SIGKILL and returns the whole lines it still wrote.</summary>
    public async Task<IReadOnlyList<string>> KillAsync()
    {
        Assert.False(process.HasExited, "It ended by itself.");
        process.Kill();
        var rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // The kill may have cut the last line.
        return rest.Split('\n')[..^1];
    }

    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(FakeServer.Patience);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
