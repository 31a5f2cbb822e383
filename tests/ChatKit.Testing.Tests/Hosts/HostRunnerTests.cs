using System.Diagnostics;
using System.Net;

namespace ChatKit.Testing.Tests.Hosts;

public sealed class HostRunnerTests
{
    private static readonly HostRunnerOptions Real = new()
    {
        Arguments = [Path.Combine(AppContext.BaseDirectory, "ChatKit.FaultHost.dll"), "--urls", "http://127.0.0.1:" + HostRunnerOptions.PortPlaceholder],
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_was_killed_starts_again_on_the_same_port()
    {
        await using var host = await HostRunner.StartAsync(Real, Cancelled);
        var address = host.Address;
        var first = host.ProcessId!.Value;
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(address, "chat/conversations"), Cancelled)).StatusCode);

        await host.KillAsync();
        Assert.Null(host.ProcessId);
        Assert.False(Runs(first));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(address, "chat/conversations"), Cancelled));

        await host.RestartAsync(Cancelled);
        Assert.Equal(address, host.Address);
        Assert.Equal(2, host.Starts);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri(address, "chat/conversations"), Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_host_that_ends_before_it_listens_says_why()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => HostRunner.StartAsync(Real with { Arguments = [.. Real.Arguments, "--store", "none"] }, Cancelled));
        Assert.Contains("There is no store none", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_prints_no_address_is_given_up()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It needs sleep.");
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => HostRunner.StartAsync(
            new HostRunnerOptions { Program = "sleep", Arguments = ["60"], StartTimeout = TimeSpan.FromMilliseconds(50) }, Cancelled));
        Assert.Contains("no address", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_dies_with_the_process_that_started_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A shell starts it.");

        // The parent is another process, killed without a chance to clean up: the fault run that starts a host and prints its id.
        using var parent = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChatKit.FaultRun.dll"), "--hold"]) { RedirectStandardOutput = true })!;
        var id = int.Parse((await parent.StandardOutput.ReadLineAsync(Cancelled))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Runs(id));
        parent.Kill();
        await parent.WaitForExitAsync(Cancelled);
        while (Runs(id))
        {
            Cancelled.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static bool Runs(int id)
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
}
