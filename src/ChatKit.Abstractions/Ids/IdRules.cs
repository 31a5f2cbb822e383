using System.Text;

namespace ChatKit;

/// <summary>What every identifier obeys: 1 to 128 UTF-8 bytes, well-formed, no control characters; compared ordinally.</summary>
internal static class IdRules
{
    public const int MaxBytes = 128;

    public static bool IsValid(string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Length > MaxBytes)
        {
            return false;
        }

        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return true; // Printable ASCII: one byte each. Ids are checked several times on the way of a message.
        }

        var bytes = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            // EnumerateRunes shows an unpaired surrogate as U+FFFD; a real U+FFFD in an id is refused with it.
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune))
            {
                return false;
            }

            bytes += rune.Utf8SequenceLength;
        }

        return bytes <= MaxBytes;
    }

    public static string Check(string? value, string what) => IsValid(value)
        ? value!
        : throw new ArgumentException($"{what} must have 1 to {MaxBytes} UTF-8 bytes of well-formed text without control characters.", what);

    /// <summary>The empty tenant is allowed: a host with one customer has no other.</summary>
    public static string CheckTenant(string? value) => value is { Length: 0 } ? value : Check(value, "tenant");
}
