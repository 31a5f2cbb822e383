using System.Reflection;
using System.Text.RegularExpressions;

namespace ChatKit.Architecture.Tests;

/// <summary>What clients and operators meet is on a page.</summary>
public sealed partial class DocumentedTests
{
    [Fact]
    public void Every_error_code_is_in_errors_md()
    {
        var page = Repository.Read("docs/errors.md");
        Assert.Empty(Enum.GetValues<ChatErrorCode>().Select(code => code.ToWire()).Where(code => !FirstCells(page).Contains(code)));
    }

    [Fact]
    public void Every_command_tag_is_in_protocol_md() => AssertTags("CommandTags", "### Commands");

    [Fact]
    public void Every_event_tag_is_in_protocol_md() => AssertTags("EventTags", "### Events");

    [Fact]
    public void Telemetry_md_names_exactly_the_instruments_there_are()
    {
        var page = FirstCells(Repository.Read("docs/telemetry.md"));
        var there = Repository.Sources.SelectMany(path => Instrument().Matches(Repository.Read(path))).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(there);
        Assert.Equal(there.Order(StringComparer.Ordinal), page.Where(name => name.StartsWith("chatkit.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Telemetry_md_names_every_activity()
    {
        var page = Repository.Read("docs/telemetry.md");
        var there = Repository.Sources.SelectMany(path => Activity().Matches(Repository.Read(path))).Select(match => match.Groups["name"].Value);
        Assert.Empty(there.Distinct(StringComparer.Ordinal).Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    private static void AssertTags(string type, string section)
    {
        var page = Repository.Read("docs/protocol.md");
        var start = page.IndexOf(section, StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/protocol.md has no section \"{section}\".");
        var end = page.IndexOf("\n#", start + section.Length, StringComparison.Ordinal);
        var cells = FirstCells(page[start..(end < 0 ? page.Length : end)]);
        var tags = typeof(ChatErrorCode).Assembly.GetType("ChatKit.Wire." + type, throwOnError: true)!
            .GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => field is { IsLiteral: true, FieldType.FullName: "System.String" }).Select(field => (string)field.GetRawConstantValue()!).ToList();
        Assert.NotEmpty(tags);
        Assert.Empty(tags.Where(tag => !cells.Contains(tag)));
    }

    /// <summary>The names in code marks of the first cells of a page's tables.</summary>
    private static HashSet<string> FirstCells(string page) =>
        [.. FirstCell().Matches(page).SelectMany(row => Code().Matches(row.Value)).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex(@"^\|[^|]*\|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex("`(?<name>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\.Create(?:Observable)?(?:Counter|UpDownCounter|Histogram|Gauge)<\w+>\(\s*""(?<name>[^""]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"\.(?:StartActivity|CreateActivity)\(\s*""(?<name>[^""]+)""")]
    private static partial Regex Activity();
}
