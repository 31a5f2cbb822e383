using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Delivered and read marks: one row a user and conversation.</summary>
internal sealed class PostgresReceiptStore(PostgresDatabase database) : IReceiptStore
{
    public PostgresDatabase Database => database;

    // Rows are locked in the order of their keys, so two flushes cannot block each other. A mark that does not move is not written.
    private readonly string _advance = database.Sql("""
        insert into {schema}.receipts as r (tenant, conversation, user_id, delivered, read)
        select u.tenant, u.conversation, u.user_id, u.delivered, u.read
        from unnest($1, $2, $3, $4, $5) u (tenant, conversation, user_id, delivered, read)
        order by u.tenant collate "C", u.conversation collate "C", u.user_id collate "C"
        on conflict (tenant, conversation, user_id) do update
        set delivered = greatest(r.delivered, excluded.delivered), read = greatest(r.read, excluded.read)
        where excluded.delivered > r.delivered or excluded.read > r.read
        """);

    private readonly string _get = database.Sql("""
        select u.n::int, r.user_id, r.delivered, r.read
        from unnest($1, $2) with ordinality u (tenant, conversation, n)
        join {schema}.receipts r on r.tenant = u.tenant and r.conversation = u.conversation
        """);

    private readonly string _getForUser = database.Sql("""
        select u.n::int, r.user_id, r.delivered, r.read
        from unnest($1) with ordinality u (conversation, n)
        join {schema}.receipts r on r.tenant = $2 and r.conversation = u.conversation and r.user_id = $3
        """);

    public async ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marks);
        var merged = new Dictionary<(ConversationId, UserId), Receipt>(marks.Count);
        foreach (var mark in marks)
        {
            Ids.Check(mark.Conversation);
            Ids.Check(mark.User);
            Ids.SameTenant(mark.Conversation.Tenant, mark.User.Tenant);
            var old = merged.GetValueOrDefault((mark.Conversation, mark.User));
            var read = Math.Max(old.Read, mark.Read);

            // Reading up to n is also delivery up to n (ARCHITECTURE, rule 8).
            var delivered = Math.Max(Math.Max(old.Delivered, mark.Delivered), read);
            if (delivered > 0)
            {
                merged[(mark.Conversation, mark.User)] = mark with { Delivered = delivered, Read = read };
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (merged.Count > 0)
        {
            Receipt[] rows = [.. merged.Values];
            await database.WriteAsync(Safety.Repeatable, _advance, p => Bind(p, rows), cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(
        IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        var copy = Ids.Copy(conversations);
        return database.ReadAsync<IReadOnlyList<IReadOnlyList<Receipt>>>(
            _get,
            p => p.Texts([.. copy.Select(static id => id.Tenant)]).Texts([.. copy.Select(static id => id.Value)]),
            async reader =>
            {
                var results = new List<Receipt>[copy.Length];
                for (var n = 0; n < results.Length; n++)
                {
                    results[n] = [];
                }

                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    var n = reader.GetInt32(0) - 1;
                    results[n].Add(new Receipt(copy[n], new UserId(reader.GetString(1), copy[n].Tenant), reader.GetInt64(2), reader.GetInt64(3)));
                }

                return results;
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        Ids.Check(user);
        var copy = Ids.Copy(conversations);
        return database.ReadAsync<IReadOnlyList<Receipt>>(
            _getForUser,
            p => p.Texts([.. copy.Select(id => id.Tenant == user.Tenant ? id.Value : null)]).Text(user.Tenant).Text(user.Value),
            async reader =>
            {
                Receipt[] results = [.. copy.Select(id => new Receipt(id, user, 0, 0))];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    var n = reader.GetInt32(0) - 1;
                    results[n] = results[n] with { Delivered = reader.GetInt64(2), Read = reader.GetInt64(3) };
                }

                return results;
            },
            cancellationToken);
    }

    private static void Bind(NpgsqlParameterCollection parameters, Receipt[] rows) => parameters
        .Texts([.. rows.Select(static row => row.Conversation.Tenant)])
        .Texts([.. rows.Select(static row => row.Conversation.Value)])
        .Texts([.. rows.Select(static row => row.User.Value)])
        .Longs([.. rows.Select(static row => row.Delivered)])
        .Longs([.. rows.Select(static row => row.Read)]);
}
