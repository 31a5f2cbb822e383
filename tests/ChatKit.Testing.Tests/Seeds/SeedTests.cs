using System.Globalization;
using ChatKit.FaultRun;

namespace ChatKit.Testing.Tests.Seeds;

/// <summary>About a minute of seeds. CHATKIT_FAULT_SEEDS=500 runs that many on each store, CHATKIT_FAULT_SEED=N begins with another one.</summary>
public sealed class SeedTests
{
    private static readonly int Seeds = Number("CHATKIT_FAULT_SEEDS", 12);
    private static readonly int First = Number("CHATKIT_FAULT_SEED", 1);

    [Theory]
    [InlineData("memory")]
    [InlineData("litedb")]
    public async Task Seeds_keep_every_promise(string store)
    {
        await using var output = new StringWriter();
        var failed = await Runner.RunAsync(new RunOptions { Store = store, Seed = First, Seeds = Seeds }, output, TestContext.Current.CancellationToken);
        Assert.True(failed.Count == 0, output.ToString());
    }

    /// <summary>Besides the weather and the host's death: the server is killed and recovers, its connections are cut, a table is locked, its disk is full.</summary>
    [Fact]
    public async Task Seeds_keep_every_promise_while_the_database_has_troubles_of_its_own()
    {
        await using var output = new StringWriter();
        var failed = await Runner.RunAsync(new RunOptions { Store = "postgres", Seed = First, Seeds = Number("CHATKIT_FAULT_SEEDS", 3), Patience = TimeSpan.FromSeconds(40) }, output, TestContext.Current.CancellationToken);
        Assert.True(failed.Count == 0, output.ToString());
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
