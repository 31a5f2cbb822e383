using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Who is a member: a row a conversation and a row a person who is or was in it, with his intervals.</summary>
internal sealed class PostgresGroupDirectory(PostgresDatabase database) : IGroupDirectory
{
    private const int MaxLimit = 10_000;

    public PostgresDatabase Database => database;

    private readonly string _apply = database.Sql("select {schema}.apply_memberships($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");

    private readonly string _get = database.Sql("""
        select u.n::int, g.version, g.kind, g.history, g.title, m.user_id, m.role, m.joined[cardinality(m.joined)]
        from unnest($1, $2) with ordinality u (tenant, id, n)
        join {schema}.groups g on g.tenant = u.tenant and g.id = u.id
        left join {schema}.members m on m.tenant = g.tenant and m.conversation = g.id and m.present
        order by u.n, m.user_id
        """);

    private readonly string _getForUser = database.Sql("""
        select u.n::int, g.history, m.joined, m.left_at
        from unnest($1) with ordinality u (id, n)
        join {schema}.members m on m.tenant = $2 and m.conversation = u.id and m.user_id = $3
        join {schema}.groups g on g.tenant = m.tenant and g.id = m.conversation
        """);

    private readonly string _list = database.Sql("""
        select m.conversation, g.history, m.joined, m.left_at
        from {schema}.members m join {schema}.groups g on g.tenant = m.tenant and g.id = m.conversation
        where m.tenant = $1 and m.user_id = $2 and m.conversation > $3
        order by m.conversation
        limit $4
        """);

    public async ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        DirectoryChange[] copy = [.. changes];
        foreach (var change in copy)
        {
            Ids.Check(change.Conversation);
            foreach (var member in change.Change.Members)
            {
                // Refuses what is no id.
                _ = new UserId(member.User, change.Conversation.Tenant);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (copy.Length == 0)
        {
            return [];
        }

        return await database.WriteAsync<IReadOnlyList<DirectoryOutcome>>(
            Safety.Repeatable, _apply, p => Bind(p, copy),
            static async reader =>
            {
                await reader.ReadAsync().ConfigureAwait(false);
                return [.. reader.GetFieldValue<int[]>(0).Select(static outcome => (DirectoryOutcome)outcome)];
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<Membership?>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        var copy = Ids.Copy(conversations);
        return database.ReadAsync<IReadOnlyList<Membership?>>(
            _get,
            p => p.Texts([.. copy.Select(static id => id.Tenant)]).Texts([.. copy.Select(static id => id.Value)]),
            async reader =>
            {
                var results = new Membership?[copy.Length];
                List<Member> members = [];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    var n = reader.GetInt32(0) - 1;
                    if (results[n] is null)
                    {
                        members = [];
                        results[n] = Read(reader, copy[n], members);
                    }

                    if (reader.TextOrNull(5) is { } user)
                    {
                        members.Add(new Member(new UserId(user, copy[n].Tenant), (MemberRole)reader.GetInt16(6), reader.GetInt64(7)));
                    }
                }

                return results;
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        Ids.Check(user);
        var copy = Ids.Copy(conversations);
        return database.ReadAsync<IReadOnlyList<UserMembership?>>(
            _getForUser,
            p => p.Texts([.. copy.Select(id => id.Tenant == user.Tenant ? id.Value : null)]).Text(user.Tenant).Text(user.Value),
            async reader =>
            {
                var results = new UserMembership?[copy.Length];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    var n = reader.GetInt32(0) - 1;
                    results[n] = new UserMembership(copy[n], (GroupHistory)reader.GetInt16(1), Intervals(reader, 2));
                }

                return results;
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserMembership>> ListAsync(
        UserId user, ConversationId? after, int limit, CancellationToken cancellationToken)
    {
        Ids.CheckLimit(limit, MaxLimit);
        Ids.Check(user);
        return database.ReadAsync<IReadOnlyList<UserMembership>>(
            _list,
            p => p.Text(user.Tenant).Text(user.Value).Text(after?.Value ?? "").Int(limit),
            async reader =>
            {
                List<UserMembership> results = [];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    results.Add(new UserMembership(
                        new ConversationId(reader.GetString(0), user.Tenant), (GroupHistory)reader.GetInt16(1), Intervals(reader, 2)));
                }

                return results;
            },
            cancellationToken);
    }

    private static Membership Read(NpgsqlDataReader reader, ConversationId id, List<Member> members) => new()
    {
        Conversation = id,
        Version = reader.GetInt64(1),
        Kind = (ConversationKind)reader.GetInt16(2),
        History = (GroupHistory)reader.GetInt16(3),
        Title = reader.TextOrNull(4) is { } title ? Texts.Decode(title) : null,
        Members = members,
    };

    internal static MembershipInterval[] Intervals(NpgsqlDataReader reader, int at)
    {
        var joined = reader.GetFieldValue<long[]>(at);
        var left = reader.GetFieldValue<long[]>(at + 1);
        return [.. joined.Select((from, n) => new MembershipInterval(from, n < left.Length ? left[n] : null))];
    }

    private static void Bind(NpgsqlParameterCollection parameters, DirectoryChange[] changes)
    {
        var first = new int[changes.Length];
        List<string> users = [];
        List<short> roles = [];
        for (var n = 0; n < changes.Length; n++)
        {
            first[n] = users.Count + 1;
            foreach (var member in changes[n].Change.Members)
            {
                users.Add(member.User);
                roles.Add((short)member.Role);
            }
        }

        parameters
            .Texts([.. changes.Select(static c => c.Conversation.Tenant)]).Texts([.. changes.Select(static c => c.Conversation.Value)])
            .Longs([.. changes.Select(static c => c.Seq)]).Longs([.. changes.Select(static c => c.PreviousVersion)])
            .Shorts([.. changes.Select(static c => (short)c.Change.Action)])
            .Shorts([.. changes.Select(static c => (short)(c.Change.Kind ?? ConversationKind.Group))])
            .Shorts([.. changes.Select(static c => (short)(c.Change.History ?? GroupHistory.FromJoining))])
            .Texts([.. changes.Select(static c => c.Change.Title is { } title ? Texts.Encode(title) : null)])
            .Ints(first).Ints([.. changes.Select(static c => c.Change.Members.Count)]).Texts([.. users]).Shorts([.. roles]);
    }
}
