using ChatKit.FaultRun;

namespace ChatKit.Testing.Tests.Seeds;

/// <summary>The checker proves itself: each planted fault is found within the number of seeds docs/testing.md states.</summary>
public sealed class PlantTests
{
    [Theory]
    [InlineData("accepted-before-commit", "litedb", 10, new[] { FindingKind.Lost, FindingKind.Split })]
    [InlineData("lost-wake", "memory", 3, new[] { FindingKind.Lost })]
    [InlineData("cursor-back", "memory", 3, new[] { FindingKind.ReceiptMovedBack, FindingKind.MarkLost })]
    [InlineData("duplicate", "memory", 20, new[] { FindingKind.Doubled })]
    [InlineData("membership-race", "litedb", 20, new[] { FindingKind.NotMember })]
    [InlineData("unflushed-log", "litedb", 10, new[] { FindingKind.Lost, FindingKind.Split })]
    [InlineData("receipt-before-flush", "memory", 3, new[] { FindingKind.ReceiptMovedBack })]
    [InlineData("out-of-order", "memory", 3, new[] { FindingKind.Gap })]
    public async Task A_planted_fault_is_found(string plant, string store, int within, FindingKind[] kinds)
    {
        await using var output = new StringWriter();
        for (var seed = 1; seed <= within; seed++)
        {
            var failed = await Runner.RunAsync(
                new RunOptions { Store = store, Plant = plant, Seed = seed, Patience = TimeSpan.FromSeconds(3) }, output, TestContext.Current.CancellationToken);
            if (failed.SelectMany(static one => one.Findings).Any(finding => kinds.Contains(finding.Kind)))
            {
                TestContext.Current.SendDiagnosticMessage($"{plant}: found with seed {seed}");
                return;
            }
        }

        Assert.Fail(output.ToString());
    }
}
