using System.Collections.Frozen;

namespace ChatKit;

/// <summary>The wire texts of <see cref="ChatErrorCode"/>.</summary>
public static class ChatErrorCodes
{
    private static readonly FrozenDictionary<ChatErrorCode, string> Texts = Enum.GetValues<ChatErrorCode>()
        .ToFrozenDictionary(code => code, code => SnakeCase(code.ToString()));

    private static readonly FrozenDictionary<string, ChatErrorCode> Codes = Texts
        .ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The stable text of a code.</summary>
    /// <param name="code">A code.</param>
    /// <returns>Its text, for example <c>not_member</c>.</returns>
    public static string ToWire(this ChatErrorCode code) => Texts[code];

    /// <summary>The code of a text.</summary>
    /// <param name="text">A text from the wire.</param>
    /// <param name="code">The code.</param>
    /// <returns>False for a text this version does not know.</returns>
    public static bool TryParse(string? text, out ChatErrorCode code)
    {
        code = default;
        return text is not null && Codes.TryGetValue(text, out code);
    }

    /// <summary>Whether the same command may succeed later without being changed.</summary>
    /// <param name="code">A code.</param>
    /// <returns>True for refusals that pass.</returns>
    public static bool IsTransient(this ChatErrorCode code) => code is ChatErrorCode.OutOfOrder or ChatErrorCode.RateLimited
        or ChatErrorCode.Overloaded or ChatErrorCode.Unavailable or ChatErrorCode.SlowConsumer or ChatErrorCode.ShuttingDown;

    private static string SnakeCase(string name) => string.Concat(name.Select((c, i) =>
        char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
