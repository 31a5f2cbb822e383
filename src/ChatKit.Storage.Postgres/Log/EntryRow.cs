using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>How log entries lie in rows.</summary>
internal static class EntryRow
{
    /// <summary>The columns <see cref="Read"/> takes, after the number of the range.</summary>
    public const string Columns =
        "e.seq, e.accepted_at, e.sender, e.device, e.command, e.kind, e.target, e.counts, e.assets, e.content_type, e.body, e.membership_version, e.version, e.erased, e.expires_at";

    /// <summary>The same of a message in its present state: <c>p</c> is its last edit, if there is one.</summary>
    public const string PresentColumns =
        "e.seq, e.accepted_at, e.sender, e.device, e.command, e.kind, e.target, e.counts, e.assets, "
        + "case when p.seq is null then e.content_type else p.content_type end, case when p.seq is null then e.body else p.body end, "
        + "e.membership_version, e.version, e.erased, e.expires_at";

    private const string DefaultContentType = "text/plain";

    // Ids hold no control characters.
    private const char PartSeparator = '\u0001';
    private const char ItemSeparator = '\u0002';

    /// <summary>The most frequent type takes no room.</summary>
    public static string? ContentType(string contentType) => contentType == DefaultContentType ? null : Texts.Encode(contentType);

    public static string Assets(IReadOnlyList<AssetId> assets) =>
        string.Join(ItemSeparator, assets.Select(static asset => string.Concat(asset.Tenant, "\u0001", asset.Value)));

    public static LogEntry Read(NpgsqlDataReader reader, ConversationId conversation)
    {
        var kind = (EntryKind)reader.GetInt16(6);
        return new LogEntry
        {
            Conversation = conversation,
            Seq = reader.GetInt64(1),
            AcceptedAt = reader.Time(2),
            Sender = new UserId(reader.GetString(3), conversation.Tenant),
            Device = reader.TextOrNull(4) is { } device ? Texts.Decode(device) : null,
            Command = new CommandId(reader.GetString(5)),
            Header = new EntryHeader
            {
                Kind = kind,
                Target = reader.IsDBNull(7) ? null : reader.GetInt64(7),
                Counts = reader.GetBoolean(8),
                Assets = reader.TextOrNull(9) is { } assets ? ParseAssets(assets) : [],
                ContentType = reader.TextOrNull(10) is { } contentType ? Texts.Decode(contentType) : DefaultContentType,
            },
            Body = reader.IsDBNull(11) ? default : reader.GetFieldValue<byte[]>(11),
            MembershipVersion = reader.GetInt64(12),
            Version = reader.GetInt64(13),
            Erased = reader.GetBoolean(14),
            ExpiresAt = reader.TimeOrNull(15),
        };
    }

    private static AssetId[] ParseAssets(string assets) => [.. assets.Split(ItemSeparator).Select(static item =>
    {
        var at = item.IndexOf(PartSeparator, StringComparison.Ordinal);
        return new AssetId(item[(at + 1)..], item[..at]);
    })];
}
