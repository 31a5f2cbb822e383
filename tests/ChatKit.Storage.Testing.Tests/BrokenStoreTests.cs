using System.Globalization;
using System.Text.RegularExpressions;
using ChatKit.Storage.Testing.Sequences;

namespace ChatKit.Storage.Testing.Tests;

public sealed partial class BrokenStoreTests
{
    private const string Sequences = "Random_sequences_do_what_a_model_does";

    public static TheoryData<string> Names => [.. BrokenStores.All.Select(broken => broken.Name)];

    public static TheoryData<string> NamesOfSequences => [.. BrokenStores.All.Where(broken => broken.WithinSteps is not null).Select(broken => broken.Name)];

    /// <summary>The suite is worth what it refuses: each broken store fails the test that is named for its fault, and the right store passes it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_broken_store_is_caught_by_name(string name)
    {
        var broken = BrokenStores.All.Single(broken => broken.Name == name);
        foreach (var test in broken.CaughtBy)
        {
            Assert.Empty(await SuiteRunner.RunAsync(broken.Suite, test, broken.Right));
            var failures = await SuiteRunner.RunAsync(broken.Suite, test, broken.Create);
            Assert.True(failures.Count > 0, $"{test} passed on a store with this fault: {name}.");
            Assert.All(failures, failure => Assert.DoesNotContain("$XunitDynamicSkip$", failure.Message));
        }
    }

    /// <summary>Random sequences find the fault too, whatever their seed, and are shortened to what shows it; replayed, they fail again.</summary>
    [Theory]
    [MemberData(nameof(NamesOfSequences))]
    public async Task A_random_sequence_is_shortened_to_what_shows_the_fault(string name)
    {
        var broken = BrokenStores.All.Single(broken => broken.Name == name);
        var failure = Assert.Single(await SuiteRunner.RunAsync(broken.Suite, Sequences, broken.Create));
        var found = Assert.IsType<SequenceFailedException>(failure);
        Assert.True(found.Steps <= broken.WithinSteps, $"{found.Steps} steps are left of at most {broken.WithinSteps}: {found.Message}");
        Assert.Contains("   1. ", found.Message, StringComparison.Ordinal);
        var replay = Replay().Match(found.Message);
        Assert.True(replay.Success, found.Message);
        RandomSequences.Replayed.Value = replay.Groups["seed"].Value;
        var again = Assert.IsType<SequenceFailedException>(Assert.Single(await SuiteRunner.RunAsync(broken.Suite, Sequences, broken.Create)));
        Assert.Equal((replay.Groups["steps"].Value, replay.Groups["seed"].Value), (Replay().Match(again.Message).Groups["steps"].Value, Replay().Match(again.Message).Groups["seed"].Value));
    }

    /// <summary>docs/adapters.md says what catches what: neither more nor less than is tested here.</summary>
    [Fact]
    public void The_page_names_what_catches_each_fault()
    {
        var page = File.ReadAllLines(Path.Combine(Root(), "docs", "adapters.md"));
        var rows = page.SkipWhile(line => !line.StartsWith("| fault |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'));
        Assert.Equal(
            BrokenStores.All.Select(broken =>
                $"| {broken.Name} | {broken.Suite.BaseType!.Name} | {string.Join(", ", broken.CaughtBy.Select(test => $"`{test}`"))} | {broken.WithinSteps?.ToString(CultureInfo.InvariantCulture)} |"),
            rows);
    }

    [GeneratedRegex(@"shortened from (?<steps>\d+) steps[\s\S]*CHATKIT_KIT_REPLAY=(?<seed>[\d,]+)")]
    private static partial Regex Replay();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ChatKit.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This test reads the source tree: run it from a build inside the repository.");
        }

        return folder.FullName;
    }
}
