using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>A conversation's head as the writer works on it.</summary>
internal sealed class HeadState
{
    /// <summary>The number that stands for the conversation in the keys of its entries.</summary>
    public required int Number { get; init; }

    public long LastSeq { get; set; }

    public long TrimmedTo { get; set; }

    /// <summary>The running ordinal at <see cref="TrimmedTo"/>.</summary>
    public long TrimmedOrdinal { get; set; }

    public long MembershipVersion { get; set; }

    public long Epoch { get; set; }

    public long LastMessageSeq { get; set; }

    public long LastActivityTicks { get; set; }

    public long LastAcceptedTicks { get; set; }

    /// <summary>How many entries flagged counts there are up to <see cref="LastSeq"/>, erased and trimmed ones too.</summary>
    public long Ordinal { get; set; }

    public static HeadState From(BsonDocument d) => new()
    {
        Number = d["n"].AsInt32,
        LastSeq = d["last"].AsInt64,
        TrimmedTo = d["trim"].AsInt64,
        TrimmedOrdinal = d["trimOrd"].AsInt64,
        MembershipVersion = d["mv"].AsInt64,
        Epoch = d["epoch"].AsInt64,
        LastMessageSeq = d["msg"].AsInt64,
        LastActivityTicks = d["act"].AsInt64,
        LastAcceptedTicks = d["acc"].AsInt64,
        Ordinal = d["ord"].AsInt64,
    };

    public BsonDocument ToDocument(string key) => new()
    {
        ["_id"] = key,
        ["n"] = Number,
        ["last"] = LastSeq,
        ["trim"] = TrimmedTo,
        ["trimOrd"] = TrimmedOrdinal,
        ["mv"] = MembershipVersion,
        ["epoch"] = Epoch,
        ["msg"] = LastMessageSeq,
        ["act"] = LastActivityTicks,
        ["acc"] = LastAcceptedTicks,
        ["ord"] = Ordinal,
    };

    public LogHead ToHead(ConversationId conversation) => new()
    {
        Conversation = conversation,
        LastSeq = LastSeq,
        TrimmedTo = TrimmedTo,
        MembershipVersion = MembershipVersion,
        Epoch = Epoch,
        LastMessageSeq = LastMessageSeq,
        LastActivityAt = new DateTimeOffset(LastActivityTicks, TimeSpan.Zero),
    };
}
