using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChatKit.Storage.Postgres;

/// <summary>The name of the schema. It is put into statements as it is, so only what needs no quoting is allowed.</summary>
internal static class SchemaName
{
    public const string Rule = "1 to 48 lower-case letters, digits and underscores, beginning with a letter";

    private const int MaxLength = 48;
    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= MaxLength } && char.IsAsciiLetterLower(name[0]) && !name.AsSpan().ContainsAnyExcept(Characters);

    /// <summary>Fills the schema into a statement or migration.</summary>
    public static string Fill(string sql, string schema) => sql
        .Replace("{schema}", $"\"{schema}\"", StringComparison.Ordinal)
        .Replace("{feed_class}", FormattableString.Invariant($"{FeedClass(schema)}::bigint"), StringComparison.Ordinal);

    /// <summary>The high 16 bits of the advisory locks of a schema's feed. The low 48 are a position.</summary>
    public static long FeedClass(string schema) => (Hash("feed", schema) & 0x7FFF) << 48;

    /// <summary>The advisory lock under which a schema is migrated.</summary>
    public static long MigrationLock(string schema) => Hash("migration", schema);

    private static long Hash(string purpose, string schema) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"chatkit/{purpose}/{schema}")));
}
