using System.Text.RegularExpressions;

namespace ChatKit.Docs.Tests;

/// <summary>Code on a page is code that compiles: every block equals a region of Snippets/, of a sample, or of a sample's tests.</summary>
public sealed partial class DocsTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Pages =>
    [
        .. new[] { Path.Combine(Root, "README.md"), Path.Combine(Root, "CONTRIBUTING.md"), Path.Combine(Root, "CHANGELOG.md") }
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(folder => Path.Combine(folder, "README.md")).Where(File.Exists))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_block_of_code_is_a_compiled_region(string page)
    {
        List<string> wrong = [];
        foreach (Match block in Block().Matches(Read(page)))
        {
            var code = block.Groups["code"].Value;
            var usings = UsingLine().Matches(code).Select(match => match.Value.Trim()).ToList();
            var body = Normalise(UsingLine().Replace(code, ""));
            if (!Guides.Any(text => text.Contains(body, StringComparison.Ordinal)) && !Snippets.Any(file => usings.All(line => file.Text.Contains(line, StringComparison.Ordinal)) && file.Regions.Contains(body, StringComparer.Ordinal)))
            {
                wrong.Add(code);
            }
        }

        Assert.True(wrong.Count == 0, $"{page} has code that equals no #region of tests/ChatKit.Docs.Tests/Snippets, a sample or its tests:\n{string.Join("\n---\n", wrong)}");
    }

    [Fact]
    public void The_search_finds_the_readme_s_code() => Assert.True(Block().Count(Read("README.md")) >= 2);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        Assert.Empty(Link().Matches(Read(page)).Select(match => match.Groups["to"].Value)
            .Where(to => !to.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, to))));
    }

    private static IEnumerable<(string Text, IReadOnlyList<string> Regions)> Snippets =>
        Directory.EnumerateDirectories(Path.Combine(Root, "tests"), "ChatKit.Samples.*")
            .Concat(Directory.EnumerateDirectories(Path.Combine(Root, "samples")))
            .Append(Path.Combine(Root, "tests", "ChatKit.Docs.Tests", "Snippets"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs")).Select(File.ReadAllText)
            .Select(text => (text, (IReadOnlyList<string>)[.. Region().Matches(text).Select(match => Normalise(match.Groups["code"].Value))]));

    /// <summary>Guides of other test projects, which compile and run their page's code as one program.</summary>
    private static IEnumerable<string> Guides =>
        Directory.EnumerateDirectories(Path.Combine(Root, "tests"))
            .Select(folder => Path.Combine(folder, "Docs")).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs")).Select(File.ReadAllText).Select(Normalise);

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root, page));

    private static string Normalise(string code) => Space().Replace(code, " ").Trim();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ChatKit.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("These tests read the source tree: run them from a build inside the repository.");
    }

    [GeneratedRegex(@"^```csharp[^\n]*\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^using [\w.]+;\s*?$\n", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^[ \t]*#region[^\n]*\n(?<code>.*?)^[ \t]*#endregion", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"\]\((?<to>[^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
