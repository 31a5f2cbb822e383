using System.Text.RegularExpressions;

namespace ChatKit.AspNetCore.Tests.Permissions;

/// <summary>docs/permissions.md: its tables, read and, on demand, written.</summary>
internal static partial class PermissionPage
{
    private static readonly string[] Columns =
        ["anonymous", "expired token", "revoked device", "other tenant", "outsider", "ex-member", "member", "admin", "owner"];

    private static readonly Lock Writing = new();

    private static string FilePath
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "ChatKit.sln")))
            {
                folder = folder.Parent ?? throw new InvalidOperationException("This test reads the source tree: run it from a build inside the repository.");
            }

            return Path.Combine(folder.FullName, "docs", "permissions.md");
        }
    }

    /// <summary>The cells of the table below a heading, by row and column.</summary>
    public static IReadOnlyDictionary<(string Row, Who Who), string> Read(string heading)
    {
        var cells = new Dictionary<(string, Who), string>();
        foreach (var line in Section(File.ReadAllText(FilePath), heading).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var parts = line.Trim().Trim('|').Split('|').Select(part => Ticks().Replace(part.Trim(), "")).ToArray();
            Assert.Equal(Columns.Length + 1, parts.Length);
            foreach (var who in Enum.GetValues<Who>())
            {
                cells.Add((parts[0], who), parts[(int)who + 1]);
            }
        }

        return cells;
    }

    /// <summary>Replaces the table below a heading.</summary>
    public static void Write(string heading, IEnumerable<string> rows, IReadOnlyDictionary<(string Row, Who Who), string> cells)
    {
        lock (Writing)
        {
            var page = File.ReadAllText(FilePath);
            var section = Section(page, heading);
            var table = $"| | {string.Join(" | ", Columns)} |\n|---{string.Concat(Enumerable.Repeat("|---", Columns.Length))}|\n"
                + string.Concat(rows.Select(row => $"| {Code(row)} | {string.Join(" | ", Enum.GetValues<Who>().Select(who => Cell(cells[(row, who)])))} |\n"));
            var start = section.IndexOf("| | ", StringComparison.Ordinal);
            var text = start < 0 ? section.TrimEnd() + "\n\n" : section[..start];
            File.WriteAllText(FilePath, page.Replace(section, text + table + "\n", StringComparison.Ordinal));
        }
    }

    private static string Section(string page, string heading)
    {
        var start = page.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"docs/permissions.md has no section '{heading}'.");
        var end = page.IndexOf("\n## ", start + 4, StringComparison.Ordinal);
        return end < 0 ? page[start..] : page[start..(end + 1)];
    }

    /// <summary>The operation is code, what is said beside it is not.</summary>
    private static string Code(string row)
    {
        var note = row.IndexOf(" (", StringComparison.Ordinal);
        return note < 0 ? $"`{row}`" : $"`{row[..note]}`{row[note..]}";
    }

    private static string Cell(string cell) => cell.Contains('_', StringComparison.Ordinal) || cell is "forbidden" or "unauthenticated" ? $"`{cell}`" : cell;

    [GeneratedRegex("`")]
    private static partial Regex Ticks();
}
