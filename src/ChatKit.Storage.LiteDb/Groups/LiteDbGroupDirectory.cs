using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>Who is a member. In <c>groups</c> a conversation's row is followed by one row a present member;
/// <c>memberships</c> has a row a user and conversation with the intervals, in the order of conversation ids.</summary>
internal sealed class LiteDbGroupDirectory(LiteDbDatabase database) : IGroupDirectory
{
    public ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count == 0)
        {
            return ValueTask.FromResult<IReadOnlyList<DirectoryOutcome>>([]);
        }

        foreach (var change in changes)
        {
            Keys.Conversation(change.Conversation);
            foreach (var member in change.Change.Members)
            {
                Keys.User(new UserId(member.User, change.Conversation.Tenant));
            }
        }

        DirectoryChange[] copy = [.. changes];
        return database.WriteAsync<IReadOnlyList<DirectoryOutcome>>(
            copy.Sum(static change => 1 + (2 * change.Change.Members.Count)),
            session => [.. copy.Select(change => MembershipWriter.Apply(session, change))], cancellationToken);
    }

    public ValueTask<IReadOnlyList<Membership?>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        ConversationId[] copy = [.. conversations];
        Keys.Check(copy);
        return database.ReadAsync<IReadOnlyList<Membership?>>(session => [.. copy.Select(id => Get(session, id))], cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        ConversationId[] copy = [.. conversations];
        Keys.Check(copy);
        var prefix = Keys.User(user);
        return database.ReadAsync<IReadOnlyList<UserMembership?>>(session => [.. copy.Select(id =>
            id.Tenant == user.Tenant && session.Find(Collections.Memberships, Keys.Join(prefix, Keys.Ordered(id.Value))) is { } row
                ? ToUserMembership(row, user.Tenant)
                : null)], cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserMembership>> ListAsync(
        UserId user, ConversationId? after, int limit, CancellationToken cancellationToken)
    {
        LogReader.CheckLimit(limit, 10_000);
        var prefix = Keys.User(user);

        // Nothing lies between an id and itself followed by the lowest separator, so that excludes the id.
        var from = after is { } id ? Keys.First(Keys.Join(prefix, Keys.Ordered(id.Value))) : Keys.First(prefix);
        return database.ReadAsync<IReadOnlyList<UserMembership>>(session => [.. session.Range(
            Collections.Memberships, from, Keys.Last(prefix), limit: limit).Select(row => ToUserMembership(row, user.Tenant))], cancellationToken);
    }

    private static Membership? Get(DocumentSession session, ConversationId id)
    {
        var key = Keys.Conversation(id);
        if (session.Find(Collections.Groups, key) is not { } group)
        {
            return null;
        }

        return new Membership
        {
            Conversation = id,
            Version = group["v"].AsInt64,
            Kind = (ConversationKind)group["k"].AsInt32,
            Title = group.TryGetValue("title", out var title) ? title.AsString : null,
            History = (GroupHistory)group["h"].AsInt32,
            Members = [.. session.Under(Collections.Groups, key).Select(row => new Member(
                new UserId(Keys.Tail(row["_id"].AsString), id.Tenant), (MemberRole)row["role"].AsInt32, row["joined"].AsInt64))
                .OrderBy(static member => member.User.Value, IdOrder.Comparer)],
        };
    }

    private static UserMembership ToUserMembership(BsonDocument row, string tenant) => new(
        new ConversationId(Keys.FromOrdered(Keys.Tail(row["_id"].AsString)), tenant),
        (GroupHistory)row["h"].AsInt32,
        [.. row["i"].AsArray.Select(static i => new MembershipInterval(i["f"].AsInt64, i["t"].IsNull ? null : i["t"].AsInt64))]);
}
