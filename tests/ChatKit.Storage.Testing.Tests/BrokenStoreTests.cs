namespace ChatKit.Storage.Testing.Tests;

public sealed class BrokenStoreTests
{
    public static TheoryData<string> Names => [.. BrokenStores.All.Select(broken => broken.Name)];

    /// <summary>The suite is worth what it refuses: each broken store fails the test that is named for its fault, and the right store passes it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_broken_store_is_caught_by_name(string name)
    {
        var broken = BrokenStores.All.Single(broken => broken.Name == name);
        foreach (var test in broken.CaughtBy)
        {
            Assert.Empty(await SuiteRunner.RunAsync(broken.Suite, test, RightStores.All[broken.Suite]));
            var failures = await SuiteRunner.RunAsync(broken.Suite, test, broken.Create);
            Assert.True(failures.Count > 0, $"{test} passed on a store with this fault: {name}.");
            Assert.All(failures, failure => Assert.DoesNotContain("$XunitDynamicSkip$", failure.Message));
        }
    }
}
