using System.Globalization;

namespace ChatKit.Storage.LiteDb;

/// <summary>Text keys of documents: the parts of an id with U+0001 between them. Ids hold no control characters, so keys are
/// unambiguous, and all keys under a prefix lie between prefix + U+0001 and prefix + U+0002 in ordinal order.</summary>
internal static class Keys
{
    public const char Separator = '\u0001';
    private const char AfterSeparator = '\u0002';
    private const char Highest = '\uffff';
    private const string HighestItself = "\uffff\u0003";

    public static string Conversation(ConversationId id) => Join(id.Tenant, id.Value);

    public static string User(UserId id) => Join(id.Tenant, id.Value);

    public static string Device(DeviceId id) => Join(User(id.User), id.Value);

    public static string Join(string first, string second) => first is null || second is null
        ? throw new ArgumentException("An id is not set (the default value of its type).")
        : string.Concat(first, "\u0001", second);

    /// <summary>Refuses ids that are not set, before the writer or the gate is reached.</summary>
    public static void Check(IEnumerable<ConversationId> conversations)
    {
        foreach (var id in conversations)
        {
            Conversation(id);
        }
    }

    /// <summary>A number that sorts as text.</summary>
    public static string Number(long value) => value.ToString("x16", CultureInfo.InvariantCulture);

    public static string First(string prefix) => prefix + Separator;

    public static string Last(string prefix) => prefix + AfterSeparator;

    /// <summary>Text whose UTF-16 order is the order of ids (<see cref="IdOrder"/>): what lies beyond U+FFFF gets a U+FFFF before it,
    /// and so comes after all others; a U+FFFF itself is told from that by what follows it.</summary>
    public static string Ordered(string id) => !id.AsSpan().ContainsAnyInRange('\ud800', '\udbff') && !id.Contains(Highest)
        ? id
        : string.Concat(id.Select(static unit =>
            unit == Highest ? HighestItself : char.IsHighSurrogate(unit) ? string.Concat("\uffff", unit.ToString()) : unit.ToString()));

    /// <summary>Undoes <see cref="Ordered"/>.</summary>
    public static string FromOrdered(string text) => !text.Contains(Highest)
        ? text
        : text.Replace(HighestItself, "\u0003", StringComparison.Ordinal).Replace("\uffff", "", StringComparison.Ordinal).Replace('\u0003', Highest);

    /// <summary>The part after the last separator.</summary>
    public static string Tail(string key) => key[(key.LastIndexOf(Separator) + 1)..];

    /// <summary>Refuses a row that mixes tenants: the tenant is stored once.</summary>
    public static void SameTenant(string one, string other)
    {
        if (!string.Equals(one, other, StringComparison.Ordinal))
        {
            throw new ArgumentException("The ids of one row belong to one tenant.");
        }
    }

    /// <summary>The key of a log entry: entries of a conversation lie together, in their order.</summary>
    public static long Entry(int conversation, long seq) => ((long)conversation << 32) | (uint)seq;

    public static long Seq(long entryKey) => entryKey & uint.MaxValue;
}
