namespace ChatKit;

/// <summary>The ordinal order of ids, in which plugs list them: the order of their UTF-8 bytes, which is that of their code points.
/// <see cref="StringComparer.Ordinal"/> differs from it where one id has a character beyond U+FFFF and the other one from U+E000 on.
/// Equal means identical. Thread-safe.</summary>
public sealed class IdOrder : IComparer<string>
{
    private IdOrder()
    {
    }

    /// <summary>The one comparer.</summary>
    public static IdOrder Comparer { get; } = new();

    /// <summary>Compares two ids.</summary>
    /// <param name="x">An id, or null, which comes first.</param>
    /// <param name="y">The other one.</param>
    /// <returns>Below 0, 0 or above 0, as <paramref name="x"/> comes before, equals or comes after <paramref name="y"/>.</returns>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var same = x.AsSpan().CommonPrefixLength(y);
        return same == x.Length || same == y.Length ? x.Length.CompareTo(y.Length) : Rank(x[same]).CompareTo(Rank(y[same]));
    }

    /// <summary>UTF-16 keeps U+E000 to U+FFFF above its surrogates, which stand for what lies beyond U+FFFF: they change places.</summary>
    private static int Rank(char unit) => unit switch
    {
        < '\ud800' => unit,
        < '\ue000' => unit + 0x2000,
        _ => unit - 0x800,
    };
}
