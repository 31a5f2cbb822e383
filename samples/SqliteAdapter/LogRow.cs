namespace ChatKit.Samples.Sqlite;

/// <summary>A row of <c>logs</c>: the end of a conversation's log.</summary>
internal sealed class LogRow
{
    public long Log { get; set; }

    public long LastSeq { get; set; }

    /// <summary>How many entries flagged <em>counts</em> there were up to the last one, erased and trimmed ones too.</summary>
    public long Ordinal { get; set; }

    public long TrimmedTo { get; set; }

    public long TrimmedOrdinal { get; set; }

    public long MembershipVersion { get; set; }

    public long Epoch { get; set; }

    public long LastMessageSeq { get; set; }

    public long LastActivity { get; set; }

    public long LastAccepted { get; set; }

    /// <summary>The first entry that the running append adds, if it adds one.</summary>
    public long FirstNew { get; set; }

    public static LogRow? Find(SqliteSession session, ConversationId id) => session.First(
        """
        SELECT log, last_seq, ordinal, trimmed_to, trimmed_ordinal, membership, epoch, last_message, last_activity, last_accepted
        FROM logs WHERE tenant = $1 AND conversation = $2
        """,
        row => new LogRow
        {
            Log = row.GetInt64(0),
            LastSeq = row.GetInt64(1),
            Ordinal = row.GetInt64(2),
            TrimmedTo = row.GetInt64(3),
            TrimmedOrdinal = row.GetInt64(4),
            MembershipVersion = row.GetInt64(5),
            Epoch = row.GetInt64(6),
            LastMessageSeq = row.GetInt64(7),
            LastActivity = row.GetInt64(8),
            LastAccepted = row.GetInt64(9),
        },
        id.Tenant, id.Value);

    public LogHead ToHead(ConversationId id) => new()
    {
        Conversation = id,
        LastSeq = LastSeq,
        TrimmedTo = TrimmedTo,
        MembershipVersion = MembershipVersion,
        Epoch = Epoch,
        LastMessageSeq = LastMessageSeq,
        LastActivityAt = Rows.Time(LastActivity),
    };
}
