using Microsoft.Data.Sqlite;

namespace ChatKit.Samples.Sqlite;

/// <summary>Reads rows of <c>entries</c>.</summary>
internal static class EntryRow
{
    /// <summary>Between the parts of a list of assets; ids have no control characters.</summary>
    private const char Separator = '\u0001';

    /// <summary>The columns <see cref="Read"/> wants, of an entry e whose text is that of t.</summary>
    public const string Columns =
        "e.seq, e.kind, e.accepted, e.sender, e.device, e.command, e.target, e.counts, e.assets, t.content_type, t.body, e.membership, e.version, e.erased, e.expires";

    public static LogEntry Read(SqliteDataReader row, ConversationId id) => new()
    {
        Conversation = id,
        Seq = row.GetInt64(0),
        Header = new EntryHeader
        {
            Kind = (EntryKind)row.GetInt32(1),
            Target = row.IsDBNull(6) ? null : row.GetInt64(6),
            Counts = row.GetBoolean(7),
            Assets = Split(row.GetString(8)),
            ContentType = row.GetString(9),
        },
        AcceptedAt = row.GetTime(2),
        Sender = new UserId(row.GetString(3), id.Tenant),
        Device = row.GetText(4),
        Command = new CommandId(row.GetString(5)),
        Body = row.GetFieldValue<byte[]>(10),
        MembershipVersion = row.GetInt64(11),
        Version = row.GetInt64(12),
        Erased = row.GetBoolean(13),
        ExpiresAt = row.IsDBNull(14) ? null : row.GetTime(14),
    };

    public static string Join(IReadOnlyList<AssetId> assets) => string.Join(Separator, assets.SelectMany(asset => new[] { asset.Tenant, asset.Value }));

    private static AssetId[] Split(string assets) =>
        assets.Length == 0 ? [] : [.. assets.Split(Separator).Chunk(2).Select(parts => new AssetId(parts[1], parts[0]))];
}
