using System.Diagnostics;
using System.Text.Json;

namespace ChatKit.Load.Tests;

/// <summary>The load tool runs from end to end, so that it does not rot: servers and generator in processes of their own.</summary>
public sealed class SmokeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Pairs_come_through_and_the_store_holds_what_was_accepted()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("chatkit-load-test-").FullName, "result.json");
        var (code, output) = await RunAsync(
            "--scenarios", "pairs", "--servers", "relay,memory", "--runs", "1", "--warmup", "0", "--settle", "0.5", "--seconds", "2",
            "--pairs", "4", "--in-flight", "4", "--json", file);

        Assert.True(code == 0, output);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var runs = report.RootElement.GetProperty("runs").EnumerateArray().ToDictionary(run => run.GetProperty("server").GetString()!);
        Assert.Equal(-1, runs["relay"].GetProperty("rows").GetInt64());
        var memory = runs["memory"];
        Assert.True(memory.GetProperty("accepted").GetInt64() >= memory.GetProperty("messages").GetInt64());
        Assert.True(memory.GetProperty("messages").GetInt64() > 0, output);
        Assert.Equal(memory.GetProperty("accepted").GetInt64(), memory.GetProperty("rows").GetInt64());
        Assert.True(memory.GetProperty("receipts").GetInt64() > 0, output);
        Assert.True(memory.GetProperty("figures").GetProperty("p50 ms").GetDouble() > 0, output);
        Assert.True(memory.GetProperty("figures").GetProperty("host us/msg").GetDouble() > 0, output);
    }

    [Fact]
    public async Task A_soak_tells_of_each_window_and_of_the_heap_before_and_after()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("chatkit-load-test-").FullName, "result.json");
        var (code, output) = await RunAsync(
            "--scenarios", "soak", "--servers", "memory", "--runs", "1", "--warmup", "0", "--settle", "0.5", "--seconds", "1", "--windows", "3",
            "--pairs", "4", "--rate", "200", "--json", file);

        Assert.True(code == 0, output);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var run = Assert.Single(report.RootElement.GetProperty("runs").EnumerateArray());
        Assert.Equal(run.GetProperty("accepted").GetInt64(), run.GetProperty("rows").GetInt64());
        Assert.Equal(3, run.GetProperty("windows").GetArrayLength());
        Assert.All(run.GetProperty("windows").EnumerateArray(), static window =>
        {
            Assert.True(window.GetProperty("p99 ms").GetDouble() > 0);
            Assert.True(window.GetProperty("host MiB").GetDouble() > 10);
        });
        Assert.Equal(2, run.GetProperty("heap").GetArrayLength());
        Assert.Contains("window by window", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--scenarios", "none")]
    [InlineData("--servers", "none")]
    [InlineData("--typo", "1")]
    public async Task A_wrong_option_is_named_and_nothing_runs(string option, string value)
    {
        var (code, output) = await RunAsync(option, value);

        Assert.Equal(2, code);
        Assert.Contains(value == "none" ? "none" : option, output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ChatKit.Load.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
