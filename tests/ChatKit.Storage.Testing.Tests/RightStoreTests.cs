using Xunit.v3;

namespace ChatKit.Storage.Testing.Tests;

public sealed class RightStoreTests
{
    public static TheoryData<string> Suites => [.. RightStores.All.Keys.Select(suite => suite.Name)];

    /// <summary>Every suite of the package is proven here, so that a new one cannot be forgotten.</summary>
    [Fact]
    public void Every_suite_has_a_right_store() => Assert.Equal(
        typeof(StorageConformance).Assembly.GetExportedTypes().Where(type => type.BaseType == typeof(StorageConformance)).ToHashSet(),
        RightStores.All.Keys.Select(suite => suite.BaseType!).ToHashSet());

    /// <summary>No test of a suite fails or is skipped on a right store.</summary>
    [Theory]
    [MemberData(nameof(Suites))]
    public async Task A_right_store_passes_every_test(string suiteName)
    {
        var suite = RightStores.All.Keys.Single(suite => suite.Name == suiteName);
        var tests = SuiteRunner.TestsOf(suite);
        Assert.NotEmpty(tests);
        foreach (var test in tests)
        {
            var failures = await SuiteRunner.RunAsync(suite, test, RightStores.Of(suite, test));
            Assert.True(failures.Count == 0, $"{test}: {string.Join(Environment.NewLine, failures)}");
        }
    }

    /// <summary>Every test of the kit has a time after which it fails by its name.</summary>
    [Fact]
    public void Every_test_has_a_time_limit() => Assert.All(
        RightStores.All.Keys.SelectMany(suite => suite.GetMethods()).SelectMany(method => method.GetCustomAttributes(true).OfType<IFactAttribute>()),
        fact => Assert.True(fact.Timeout > 0));
}
