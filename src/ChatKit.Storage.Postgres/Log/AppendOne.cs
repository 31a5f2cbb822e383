using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>The common case of an append, a lone new message to a log that exists, as one statement instead of the many of <c>append</c>. What it does
/// not take (no log, other members, a key that is known) it leaves untouched, for <c>append</c> to judge.</summary>
internal sealed class AppendOne(PostgresDatabase database)
{
    private readonly string _sql = database.Sql("""
        with now as materialized (
            select coalesce($1, clock_timestamp()) as at,
                   case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', true) end as durable
        ),
        head as (
            update {schema}.conversations x
            set last_seq = x.last_seq + 1,
                ordinal = x.ordinal + $5::int,
                last_message_seq = x.last_seq + 1,
                last_activity_at = greatest(now.at, x.last_accepted_at),
                last_accepted_at = greatest(now.at, x.last_accepted_at)
            from now
            where x.tenant = $2 and x.id = $3 and x.last_seq > 0 and x.membership_version = $4
              and not exists (select from {schema}.entries e where e.conv = x.conv and e.command_key = $8)
              -- What another has stored and trimmed while this one waited for the head cannot be seen here.
              and (x.trimmed_to = 0
                  or (x.trimmed_to = (select c.trimmed_to from {schema}.conversations c where c.conv = x.conv)
                      and not exists (select from {schema}.trimmed_commands t where t.conv = x.conv and t.command_key = $8)))
            returning x.conv, x.last_seq, x.ordinal, x.membership_version, x.epoch, x.last_accepted_at
        ),
        entry as (
            insert into {schema}.entries (
                conv, seq, ordinal, version, membership_version, target, accepted_at, expires_at, command_key, payload_hash, kind, counts,
                sender, command, device, content_type, assets, body)
            select h.conv, h.last_seq, h.ordinal, h.last_seq, h.membership_version, $6, h.last_accepted_at, $7, $8, $9, 1, $5,
                   $10, $11, $12, $13, $14, $15
            from head h
        ),
        feed as (
            -- The lock first, then the position, as in append.
            insert into {schema}.feed (position, conv, from_seq, to_seq, membership_version)
            select case when pg_advisory_xact_lock_shared({feed_class} | p.last_value) is not null then nextval('{schema}.feed_position') end,
                   h.conv, h.last_seq, h.last_seq, h.membership_version
            from head h, {schema}.feed_position p
        )
        select h.last_seq, h.last_accepted_at, h.membership_version, h.epoch from head h
        """);

    public static bool Takes(IReadOnlyList<AppendRequest> batch) =>
        batch is [{ Header.Kind: EntryKind.Message, ExpectedEpoch: null, MembershipVersion: > 0 }];

    /// <returns>Null when it is for <c>append</c> to judge; nothing was stored then.</returns>
    public ValueTask<AppendResult?> TryAppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        // It may be sent again after the caller went away, and took the body along.
        var owned = request with { Body = request.Body.ToArray() };
        return database.WriteAsync(Safety.Repeatable, connection => ExecuteAsync(connection, owned), cancellationToken);
    }

    /// <summary>As <see cref="TryAppendAsync"/>, on a connection that is open.</summary>
    internal async Task<AppendResult?> ExecuteAsync(NpgsqlConnection connection, AppendRequest request)
    {
        try
        {
            return await database.ExecuteAsync(connection, _sql, p => Bind(p, request), ReadAsync).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The same command was committed while this one waited for the head: rolled back, and found by append.
            return null;
        }
    }

    private void Bind(NpgsqlParameterCollection parameters, AppendRequest request)
    {
        var header = request.Header;
        parameters.Time(database.Now).Text(request.Conversation.Tenant).Text(request.Conversation.Value).Long(request.MembershipVersion)
            .Bool(header.Counts).Long(header.Target).Time(request.ExpiresAt)
            .Guid(AppendBatch.Key(request.Sender.Value, request.Command.Value)).Guid(AppendBatch.ToGuid(request.PayloadHash))
            .Text(request.Sender.Value).Text(request.Command.Value).Text(request.Device is { } device ? Texts.Encode(device) : null)
            .Text(EntryRow.ContentType(header.ContentType)).Text(header.Assets.Count > 0 ? EntryRow.Assets(header.Assets) : null)
            .Bytes(request.Body.IsEmpty ? null : request.Body);
    }

    private static async Task<AppendResult?> ReadAsync(NpgsqlDataReader reader) =>
        await reader.ReadAsync().ConfigureAwait(false)
            ? new AppendResult(AppendOutcome.Appended, reader.GetInt64(0), reader.Time(1), reader.GetInt64(2), reader.GetInt64(3))
            : null;
}
