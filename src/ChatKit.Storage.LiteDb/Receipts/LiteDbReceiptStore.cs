using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>Delivered and read marks: one row a user and conversation; those of a conversation lie together.</summary>
internal sealed class LiteDbReceiptStore(LiteDbDatabase database) : IReceiptStore
{
    public async ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marks);
        var merged = new Dictionary<string, (long Delivered, long Read)>(StringComparer.Ordinal);
        foreach (var mark in marks)
        {
            var key = Key(mark.Conversation, mark.User);
            var (delivered, read) = merged.GetValueOrDefault(key);
            merged[key] = (Math.Max(delivered, mark.Delivered), Math.Max(read, mark.Read));
        }

        if (merged.Count > 0)
        {
            await database.WriteAsync(merged.Count, session => Advance(session, merged), cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(
        IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        ConversationId[] copy = [.. conversations];
        Keys.Check(copy);
        return database.ReadAsync<IReadOnlyList<IReadOnlyList<Receipt>>>(session => [.. copy.Select(id => OfConversation(session, id))], cancellationToken);
    }

    public ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        ConversationId[] copy = [.. conversations];
        Keys.Check(copy);
        Keys.User(user);
        return database.ReadAsync<IReadOnlyList<Receipt>>(session => [.. copy.Select(id =>
            id.Tenant == user.Tenant && session.Find(Collections.Receipts, Key(id, user)) is { } row
                ? new Receipt(id, user, row["d"].AsInt64, row["r"].AsInt64)
                : new Receipt(id, user, 0, 0))], cancellationToken);
    }

    private static List<Receipt> OfConversation(DocumentSession session, ConversationId id) =>
        [.. session.Under(Collections.Receipts, Keys.Conversation(id)).Select(row => new Receipt(
            id, new UserId(Keys.Tail(row["_id"].AsString), id.Tenant), row["d"].AsInt64, row["r"].AsInt64))];

    private static string Key(ConversationId conversation, UserId user)
    {
        Keys.SameTenant(conversation.Tenant, user.Tenant);
        return Keys.Join(Keys.Conversation(conversation), user.Value);
    }

    private static bool Advance(WriteSession session, Dictionary<string, (long Delivered, long Read)> marks)
    {
        foreach (var (key, (delivered, read)) in marks)
        {
            var row = session.Find(Collections.Receipts, key);
            var (oldDelivered, oldRead) = row is null ? (0, 0) : (row["d"].AsInt64, row["r"].AsInt64);
            var newRead = Math.Max(read, oldRead);

            // Reading up to n is also delivery up to n (ARCHITECTURE, rule 8).
            var newDelivered = Math.Max(Math.Max(delivered, oldDelivered), newRead);
            if (newDelivered != oldDelivered || newRead != oldRead)
            {
                session.Upsert(Collections.Receipts, new BsonDocument { ["_id"] = key, ["d"] = newDelivered, ["r"] = newRead });
            }
        }

        return true;
    }
}
