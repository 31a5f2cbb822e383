using System.Text.RegularExpressions;

namespace ChatKit.Architecture.Tests;

/// <summary>How the source is cut up.</summary>
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    [Fact]
    public void A_source_file_has_at_most_400_lines() =>
        Assert.Empty(Repository.Sources.Select(path => (path, Lines: File.ReadLines(Path.Combine(Repository.Root, path)).Count()))
            .Where(file => file.Lines > MaxLines).Select(file => $"{file.path}: {file.Lines} lines"));

    [Fact]
    public void A_source_file_has_one_public_type_which_gives_it_its_name()
    {
        List<string> wrong = [];
        foreach (var path in Repository.Sources)
        {
            var types = PublicType().Matches(Repository.Read(path)).Select(match => match.Groups["name"].Value).ToList();
            var file = Path.GetFileName(path).Split('.')[0];
            if (types.Count > 1 || (types.Count == 1 && !file.StartsWith(types[0], StringComparison.Ordinal)))
            {
                wrong.Add($"{path}: {string.Join(", ", types)}");
            }
        }

        Assert.Empty(wrong);
    }

    // Namespaces are file-scoped (a warning otherwise), so a type of its own starts its line.
    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|partial|readonly|unsafe|ref) )*(?:class|interface|enum|struct|record(?: struct| class)?|delegate \S+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
