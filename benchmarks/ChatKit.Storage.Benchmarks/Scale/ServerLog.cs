using System.Text.RegularExpressions;

namespace ChatKit.Storage.Benchmarks;

/// <summary>The plans that PostgreSQL's <c>auto_explain</c> wrote to the server's log: of the very statements the store sent, those inside functions too.</summary>
internal sealed partial class ServerLog(string path)
{
    private long _from = new FileInfo(path).Length;


    public void Skip() => _from = new FileInfo(path).Length;

    /// <summary>The scans of all plans since <see cref="Skip"/>, each kind once; those of one-row tables are left out.</summary>
    public IReadOnlyList<string> Scans()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = _from;
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        IEnumerable<string> written = Arbiter().Matches(text).Select(static match => $"insert or update by {match.Groups["index"].Value.Trim()}");
        return [.. ScanLine().Matches(text)
            .Where(static match => !match.Groups["rest"].Value.Contains("never executed", StringComparison.Ordinal))
            .Select(static match => match.Groups["node"].Value.Trim()).Concat(written)
            // A sequence and the table of the store's identity have one row.
            .Where(static scan => !scan.EndsWith(" on feed_position", StringComparison.Ordinal) && !scan.EndsWith(" on meta", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"Conflict Arbiter Indexes: (?<index>[^\n]*)")]
    private static partial Regex Arbiter();

    [GeneratedRegex(@"^\s*(?:->\s*)?(?<node>(?:Index Only Scan|Index Scan|Bitmap Index Scan|Seq Scan|Parallel Seq Scan)(?: Backward)?(?: using \S+)? on \S+)[^\n]*?\((?<rest>actual[^)]*|never executed)\)", RegexOptions.Multiline)]
    private static partial Regex ScanLine();
}
