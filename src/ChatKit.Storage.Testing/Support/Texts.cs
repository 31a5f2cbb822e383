namespace ChatKit.Storage.Testing.Support;

/// <summary>Texts that careless keys, collations and encodings take for each other: all different, all valid ids.</summary>
internal static class Texts
{
    /// <summary>Tenants that must not be taken for each other.</summary>
    public static IReadOnlyList<string> Tenants { get; } = ["", "acme", "Acme"];

    /// <summary>Ids in the order of their UTF-8 bytes; UTF-16 and most collations order them otherwise.</summary>
    public static IReadOnlyList<string> InOrder { get; } =
    [
        "-", "10", "9", "B", "Z", "a", "a ", "a!", "aa", "a\u00e9", "a\u0301", "a\ud7ff", "a\ue000", "a\ue000b", "a\uff41", "a\uffff", "a\uffff!", "a\uffff\uffff",
        "a\uffff\U0001f600", "a\U00010000", "a\U0001f600", "a\U0001f600a", "a\U0001f601", "a\U0010ffff", "b", "e", "e\u0301", "\u00e9", "\u6f22", "\uf8ff", "\U00010400",
    ];

    public static IReadOnlyList<string> Alike { get; } =
    [
        "a", "A", "a ", " a", "a\u00a0", "aa", "a/", "a/b", "a:b", "a|b", "a\\b", "a'b", "a\"b", "a%", "a_", "a*", "a$b", "a.b", "{a}",
        "e\u0301", "\u00e9", "E\u0301", "\u00c9", // é and É, composed and not
        "ss", "\u00df", "\u1e9e", // ß
        "i", "I", "\u0130", "\u0131", // Turkish i
        "\uff41", "\u0430", // full-width and Cyrillic a
        "\u200ba", "a\u200d", "\ufeffa", // zero-width
        "\U0001f600", "\U0001f601", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U00010400", "\U00010428", // beyond the BMP; Deseret case pair
        "\uf8ff", "\u6f22\u5b57", "\u202eabc", "0", "00", "1", "01", "-1", "1e0", "null", "NULL", "true",
        new string('x', 128), new string('x', 127), new string('x', 127) + "y",
        string.Concat(Enumerable.Repeat("\U0001f600", 32)), // 128 bytes of UTF-8
    ];
}
