using System.Globalization;
using System.Text;

namespace ChatKit.Storage.Postgres;

/// <summary>Free texts as PostgreSQL can keep them: it has no U+0000 and no unpaired surrogates. These, and the escape itself (U+0001),
/// become U+0001 and four hexadecimal digits; every other text, so nearly every one, stays as it is. Ids need none of this: they hold
/// no control characters.</summary>
internal static class Texts
{
    private const char Escape = '\u0001';

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAny('\0', Escape) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                encoded.Append(c).Append(text[++i]);
            }
            else if (c is '\0' or Escape || char.IsSurrogate(c))
            {
                encoded.Append(Escape).Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                encoded.Append(c);
            }
        }

        return encoded.ToString();
    }

    public static string Decode(string text)
    {
        var at = text.IndexOf(Escape, StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var decoded = new StringBuilder(text.Length);
        var start = 0;
        while (at >= 0)
        {
            decoded.Append(text, start, at - start).Append((char)int.Parse(text.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            start = at + 5;
            at = text.IndexOf(Escape, start);
        }

        return decoded.Append(text, start, text.Length - start).ToString();
    }
}
