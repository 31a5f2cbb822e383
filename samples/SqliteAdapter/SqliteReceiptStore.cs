namespace ChatKit.Samples.Sqlite;

/// <summary>Delivered and read marks.</summary>
internal sealed class SqliteReceiptStore(SqliteDatabase database) : IReceiptStore
{
    #region sqlite-receipts
    public async ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marks);
        Receipt[] items = [.. marks.Where(mark => mark.Delivered > 0 || mark.Read > 0)];
        await database.WriteAsync(
            session =>
            {
                foreach (var mark in items)
                {
                    // Marks only move forward, and reading up to n is also delivery up to n (rule 8).
                    session.Execute(
                        """
                        INSERT INTO receipts VALUES ($1, $2, $3, max($4, $5), $5) ON CONFLICT DO UPDATE
                        SET delivered = max(delivered, excluded.delivered), read = max(read, excluded.read)
                        """,
                        mark.Conversation.Tenant, mark.Conversation.Value, mark.User.Value, mark.Delivered, mark.Read);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }
    #endregion

    public ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        return database.ReadAsync<IReadOnlyList<IReadOnlyList<Receipt>>>(
            session => [.. conversations.Select(id => session.All(
                "SELECT user, delivered, read FROM receipts WHERE tenant = $1 AND conversation = $2",
                row => new Receipt(id, new UserId(row.GetString(0), id.Tenant), row.GetInt64(1), row.GetInt64(2)),
                id.Tenant, id.Value))],
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        return database.ReadAsync<IReadOnlyList<Receipt>>(
            session => [.. conversations.Select(id => id.Tenant != user.Tenant ? new Receipt(id, user, 0, 0) : session.First<Receipt?>(
                "SELECT delivered, read FROM receipts WHERE tenant = $1 AND conversation = $2 AND user = $3",
                row => new Receipt(id, user, row.GetInt64(0), row.GetInt64(1)),
                id.Tenant, id.Value, user.Value) ?? new Receipt(id, user, 0, 0))],
            cancellationToken);
    }
}
