using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace ChatKit.Samples.Sqlite;

/// <summary>One append in its transaction: judges the items in order and stores what is accepted.</summary>
internal sealed class LogWriter(SqliteSession session, long now)
{
    /// <summary>The logs of the batch as they are after the items judged so far.</summary>
    private readonly Dictionary<ConversationId, LogRow> _logs = [];

    #region sqlite-append
    public IReadOnlyList<AppendResult> Append(IReadOnlyList<AppendRequest> batch)
    {
        var results = new AppendResult[batch.Count];
        for (var n = 0; n < results.Length; n++)
        {
            var log = Log(batch[n].Conversation);
            results[n] = Judge(log, batch[n]);
        }

        foreach (var log in _logs.Values.Where(log => log.LastSeq >= log.FirstNew))
        {
            session.Execute(
                """
                UPDATE logs SET last_seq = $2, ordinal = $3, membership = $4, epoch = $5, last_message = $6, last_activity = $7, last_accepted = $8
                WHERE log = $1
                """,
                log.Log, log.LastSeq, log.Ordinal, log.MembershipVersion, log.Epoch, log.LastMessageSeq, log.LastActivity, log.LastAccepted);
            session.Execute("INSERT INTO feed (log, first, last, membership) VALUES ($1, $2, $3, $4)", log.Log, log.FirstNew, log.LastSeq, log.MembershipVersion);
        }

        return results;
    }

    private AppendResult Judge(LogRow log, AppendRequest request)
    {
        // Key, membership version, epoch, target: in this order, so that a retry learns its first result whatever changed since.
        if (FirstResult(log, request) is { } first)
        {
            return first;
        }

        if (request.MembershipVersion != log.MembershipVersion || (log.LastSeq == 0 && request.Header.Kind != EntryKind.Membership))
        {
            return Refuse(log, AppendOutcome.StaleMembership);
        }

        if (request.ExpectedEpoch is { } epoch && epoch != log.Epoch)
        {
            return Refuse(log, AppendOutcome.StaleEpoch);
        }

        if (request.Header.Kind is EntryKind.Edit or EntryKind.Deletion or EntryKind.Reaction or EntryKind.Pin && !IsMessage(log, request.Header.Target))
        {
            return Refuse(log, AppendOutcome.TargetGone);
        }

        return Store(log, request);
    }
    #endregion

    private static AppendResult Refuse(LogRow log, AppendOutcome outcome) => new(outcome, 0, default, log.MembershipVersion, log.Epoch);

    private static byte[] Hash(AppendRequest request)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, request.PayloadHash);
        return bytes;
    }

    private LogRow Log(ConversationId id)
    {
        if (!_logs.TryGetValue(id, out var log))
        {
            log = LogRow.Find(session, id) ?? new LogRow();
            log.FirstNew = log.LastSeq + 1;
            _logs.Add(id, log);
        }

        return log;
    }

    private AppendResult? FirstResult(LogRow log, AppendRequest request) => session.First<AppendResult?>(
        "SELECT hash, seq, accepted FROM commands WHERE log = $1 AND sender = $2 AND command = $3",
        row => row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(Hash(request))
            ? new AppendResult(AppendOutcome.Duplicate, row.GetInt64(1), row.GetTime(2), log.MembershipVersion, log.Epoch)
            : Refuse(log, AppendOutcome.Conflict),
        log.Log, request.Sender.Value, request.Command.Value);

    private bool IsMessage(LogRow log, long? seq) => session.Number(
        "SELECT count(*) FROM entries WHERE log = $1 AND seq = $2 AND kind = 1 AND erased = 0", log.Log, seq) > 0;

    private AppendResult Store(LogRow log, AppendRequest request)
    {
        if (log.LastSeq == 0)
        {
            var id = request.Conversation;
            session.Execute("INSERT INTO logs VALUES (NULL, $1, $2, 0, 0, 0, 0, 0, 0, 0, 0, 0)", id.Tenant, id.Value);
            log.Log = session.Number("SELECT last_insert_rowid()");
        }

        var header = request.Header;
        log.LastSeq++;
        log.LastAccepted = Math.Max(now, log.LastAccepted);
        log.Ordinal += header.Counts ? 1 : 0;
        session.Execute(
            """
            INSERT INTO entries (log, seq, kind, accepted, sender, device, command, target, counts, ordinal, assets, content_type, body, membership, version, expires)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $2, $15)
            """,
            log.Log, log.LastSeq, (int)header.Kind, log.LastAccepted, request.Sender.Value, request.Device, request.Command.Value, header.Target,
            header.Counts, log.Ordinal, EntryRow.Join(header.Assets), header.ContentType, request.Body.ToArray(), log.MembershipVersion,
            request.ExpiresAt?.UtcTicks);
        session.Execute(
            "INSERT INTO commands VALUES ($1, $2, $3, $4, $5, $6)",
            log.Log, request.Sender.Value, request.Command.Value, Hash(request), log.LastSeq, log.LastAccepted);
        switch (header.Kind)
        {
            case EntryKind.Message:
                (log.LastMessageSeq, log.LastActivity) = (log.LastSeq, log.LastAccepted);
                break;
            case EntryKind.Edit:
                session.Execute("UPDATE entries SET version = $3 WHERE log = $1 AND seq = $2", log.Log, header.Target, log.LastSeq);
                break;
            case EntryKind.Deletion:
                session.Execute("UPDATE entries SET erased = 1, body = x'', assets = '' WHERE log = $1 AND target = $2 AND kind = 2", log.Log, header.Target);
                session.Execute("UPDATE entries SET erased = 1, body = x'', assets = '', version = $3 WHERE log = $1 AND seq = $2", log.Log, header.Target, log.LastSeq);
                break;
            case EntryKind.Membership:
                log.MembershipVersion = log.LastSeq;
                break;
        }

        log.LastActivity = log.LastSeq == 1 ? log.LastAccepted : log.LastActivity;
        log.Epoch += request.ExpectedEpoch is null ? 0 : 1;
        return new AppendResult(AppendOutcome.Appended, log.LastSeq, Rows.Time(log.LastAccepted), log.MembershipVersion, log.Epoch);
    }
}
