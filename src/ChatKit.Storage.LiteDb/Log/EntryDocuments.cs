using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>How log entries lie in the file. Fields: k kind, a accepted (UTC ticks), s sender, d device, c command, t target,
/// u counts, o running ordinal, as assets, ct content type, b body, m membership version, v version, e erased, x expires
/// (UTC ticks), p of an edit: the <c>Seq</c> of the message's state before it. What has its usual value is left out.</summary>
internal static class EntryDocuments
{
    private const string PlainText = "text/plain";

    public static BsonDocument Create(AppendRequest request, HeadState head, long acceptedTicks)
    {
        var header = request.Header;
        var d = new BsonDocument
        {
            ["_id"] = Keys.Entry(head.Number, head.LastSeq),
            ["k"] = (int)header.Kind,
            ["a"] = acceptedTicks,
            ["s"] = request.Sender.Value,
            ["c"] = request.Command.Value,
            ["o"] = head.Ordinal,
            ["m"] = head.MembershipVersion,
        };
        if (request.Device is not null)
        {
            d["d"] = request.Device;
        }

        if (header.Target is { } target)
        {
            d["t"] = target;
        }

        if (header.Counts)
        {
            d["u"] = true;
        }

        if (header.Assets.Count > 0)
        {
            d["as"] = new BsonArray(header.Assets.Select(static id => new BsonValue(Keys.Join(id.Tenant, id.Value))));
        }

        if (!string.Equals(header.ContentType, PlainText, StringComparison.Ordinal))
        {
            d["ct"] = header.ContentType;
        }

        if (!request.Body.IsEmpty)
        {
            d["b"] = request.Body.ToArray();
        }

        if (request.ExpiresAt is { } expires)
        {
            d["x"] = expires.UtcTicks;
        }

        return d;
    }

    public static long Seq(BsonDocument d) => Keys.Seq(d["_id"].AsInt64);

    public static EntryKind Kind(BsonDocument d) => (EntryKind)d["k"].AsInt32;

    public static bool Counts(BsonDocument d) => d.ContainsKey("u");

    public static bool IsErased(BsonDocument d) => d.ContainsKey("e");

    public static long Version(BsonDocument d) => d.TryGetValue("v", out var version) ? version.AsInt64 : Seq(d);

    public static LogEntry ToEntry(BsonDocument d, ConversationId conversation) => new()
    {
        Conversation = conversation,
        Seq = Seq(d),
        AcceptedAt = new DateTimeOffset(d["a"].AsInt64, TimeSpan.Zero),
        Sender = new UserId(d["s"].AsString, conversation.Tenant),
        Device = d.TryGetValue("d", out var device) ? device.AsString : null,
        Command = new CommandId(d["c"].AsString),
        Header = new EntryHeader
        {
            Kind = Kind(d),
            Target = d.TryGetValue("t", out var target) ? target.AsInt64 : null,
            Counts = Counts(d),
            Assets = Assets(d),
            ContentType = ContentType(d),
        },
        Body = Body(d),
        MembershipVersion = d["m"].AsInt64,
        Version = Version(d),
        Erased = IsErased(d),
        ExpiresAt = d.TryGetValue("x", out var expires) ? new DateTimeOffset(expires.AsInt64, TimeSpan.Zero) : null,
    };

    /// <summary>The message in the state an edit gave it.</summary>
    public static LogEntry Edited(LogEntry message, BsonDocument edit) => message with
    {
        Body = Body(edit),
        Header = message.Header with { ContentType = ContentType(edit) },
    };

    private static ReadOnlyMemory<byte> Body(BsonDocument d) => d.TryGetValue("b", out var body) ? body.AsBinary : default(ReadOnlyMemory<byte>);

    private static string ContentType(BsonDocument d) => d.TryGetValue("ct", out var type) ? type.AsString : PlainText;

    private static AssetId[] Assets(BsonDocument d)
    {
        if (!d.TryGetValue("as", out var assets))
        {
            return [];
        }

        return [.. assets.AsArray.Select(static value =>
        {
            var parts = value.AsString.Split(Keys.Separator);
            return new AssetId(parts[1], parts[0]);
        })];
    }
}
