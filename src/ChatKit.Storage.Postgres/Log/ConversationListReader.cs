namespace ChatKit.Storage.Postgres;

/// <summary>A page of a user's conversations in one query.</summary>
internal sealed class ConversationListReader(PostgresDatabase database)
{
    private const int MaxLimit = 1_000;

    private readonly string _list = database.Sql("select * from {schema}.list_conversations($1, $2, $3, $4, $5)");

    public ValueTask<IReadOnlyList<ConversationListRow>> ReadAsync(
        UserId user, ConversationListPosition? after, int limit, CancellationToken cancellationToken)
    {
        Ids.CheckLimit(limit, MaxLimit);
        Ids.Check(user);
        return database.ReadAsync<IReadOnlyList<ConversationListRow>>(
            _list,
            p => p.Text(user.Tenant).Text(user.Value).Time(after?.LastActivityAt).Text(after is { } position ? Ids.Set(position.Conversation) : null).Int(limit),
            async reader =>
            {
                List<ConversationListRow> rows = [];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    var id = new ConversationId(reader.GetString(0), user.Tenant);
                    rows.Add(new ConversationListRow
                    {
                        Membership = new UserMembership(id, (GroupHistory)reader.GetInt16(16), PostgresGroupDirectory.Intervals(reader, 17)),
                        Head = PostgresMessageStore.ReadHead(reader, id, 24),
                        LastSeq = reader.GetInt64(19),
                        LastActivityAt = reader.Time(20),
                        Own = new Receipt(id, user, reader.GetInt64(21), reader.GetInt64(22)),
                        Unread = reader.GetInt64(23),
                        LastMessage = reader.IsDBNull(1) ? null : EntryRow.Read(reader, id),
                    });
                }

                return rows;
            },
            cancellationToken);
    }
}
