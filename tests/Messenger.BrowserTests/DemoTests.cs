namespace Messenger.BrowserTests;

/// <summary>The demo as a newcomer starts it.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_ends_well_and_says_what_happened()
    {
        var (exitCode, output) = await SampleProcess.RunAsync(["--demo"], TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("FAIL", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[", output, StringComparison.Ordinal); // No colours into a pipe.
        Assert.DoesNotContain("warn:", output, StringComparison.Ordinal);
        foreach (var line in new[]
        {
            "1. A direct chat, with ticks", "2. Ben goes offline and comes back", "3. A retry with the same command id, over plain HTTP",
            "4. A group", "5. The host is restarted: same port, same file", "6. Afterwards: nothing lost, nothing doubled",
            "Hi Ben!  ✓✓ read", "ok   the message is in the log once, and Ben got it once", "✓✓ read by 1 of 2", "expectations held.",
        })
        {
            Assert.Contains(line, output, StringComparison.Ordinal);
        }
    }
}
