using System.Text;
using Microsoft.Data.Sqlite;

namespace ChatKit.Samples.Sqlite;

/// <summary>Who is a member: a row of <c>members</c> is an interval.</summary>
internal sealed class SqliteGroupDirectory(SqliteDatabase database) : IGroupDirectory
{
    private const int MaxLimit = 10_000;

    public ValueTask<IReadOnlyList<DirectoryOutcome>> ApplyAsync(IReadOnlyList<DirectoryChange> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        DirectoryChange[] items = [.. changes];
        return database.WriteAsync<IReadOnlyList<DirectoryOutcome>>(session => [.. items.Select(change => Apply(session, change))], cancellationToken);
    }

    public ValueTask<IReadOnlyList<Membership?>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        return database.ReadAsync<IReadOnlyList<Membership?>>(session => [.. conversations.Select(id => Get(session, id))], cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserMembership?>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        return database.ReadAsync<IReadOnlyList<UserMembership?>>(
            session => [.. conversations.Select(id => id.Tenant == user.Tenant ? Get(session, user, id) : null)], cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserMembership>> ListAsync(UserId user, ConversationId? after, int limit, CancellationToken cancellationToken)
    {
        Rows.CheckLimit(limit, MaxLimit);
        return database.ReadAsync<IReadOnlyList<UserMembership>>(
            session => [.. session.All(
                "SELECT DISTINCT conversation FROM members WHERE tenant = $1 AND user = $2 AND conversation > $3 ORDER BY conversation LIMIT $4",
                row => new ConversationId(row.GetString(0), user.Tenant),
                user.Tenant, user.Value, after?.Value ?? "", limit).Select(id => Get(session, user, id)!)],
            cancellationToken);
    }

    #region sqlite-apply
    private static DirectoryOutcome Apply(SqliteSession session, DirectoryChange change)
    {
        var (id, what) = (change.Conversation, change.Change);
        var version = session.Number("SELECT version FROM groups WHERE tenant = $1 AND conversation = $2", id.Tenant, id.Value);
        if (version >= change.Seq)
        {
            return DirectoryOutcome.AlreadyApplied;
        }

        if (version != change.PreviousVersion)
        {
            return version > change.PreviousVersion ? DirectoryOutcome.Diverged : DirectoryOutcome.Missing;
        }

        session.Execute(
            "INSERT INTO groups VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET version = excluded.version",
            id.Tenant, id.Value, change.Seq, (int)(what.Kind ?? ConversationKind.Group),
            what.Title is null ? null : Encoding.UTF8.GetBytes(what.Title), (int)(what.History ?? GroupHistory.FromJoining));
        foreach (var member in what.Members)
        {
            Apply(session, change, member);
        }

        return DirectoryOutcome.Applied;
    }

    private static void Apply(SqliteSession session, DirectoryChange change, MemberChange member)
    {
        var (tenant, conversation) = (change.Conversation.Tenant, change.Conversation.Value);
        _ = change.Change.Action switch
        {
            // Who is a member stays as he is: the index of present members refuses a second interval.
            MembershipAction.Created or MembershipAction.Added => session.Execute(
                "INSERT INTO members VALUES ($1, $2, $3, $4, NULL, $5) ON CONFLICT DO NOTHING", tenant, member.User, conversation, change.Seq, (int)member.Role),
            MembershipAction.Removed or MembershipAction.Left => session.Execute(
                "UPDATE members SET left = $4 WHERE tenant = $1 AND user = $2 AND conversation = $3 AND left IS NULL", tenant, member.User, conversation, change.Seq),
            _ => session.Execute(
                "UPDATE members SET role = $4 WHERE tenant = $1 AND user = $2 AND conversation = $3 AND left IS NULL", tenant, member.User, conversation, (int)member.Role),
        };
    }
    #endregion

    private static Membership? Get(SqliteSession session, ConversationId id) => session.First(
        "SELECT version, kind, title, history FROM groups WHERE tenant = $1 AND conversation = $2",
        row => new Membership
        {
            Conversation = id,
            Version = row.GetInt64(0),
            Kind = (ConversationKind)row.GetInt32(1),
            Title = row.IsDBNull(2) ? null : Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(2)), // a BLOB, as a title may contain U+0000
            History = (GroupHistory)row.GetInt32(3),
            Members = session.All(
                "SELECT user, role, joined FROM members WHERE tenant = $1 AND conversation = $2 AND left IS NULL ORDER BY user",
                member => new Member(new UserId(member.GetString(0), id.Tenant), (MemberRole)member.GetInt32(1), member.GetInt64(2)),
                id.Tenant, id.Value),
        },
        id.Tenant, id.Value);

    private static UserMembership? Get(SqliteSession session, UserId user, ConversationId id)
    {
        var intervals = session.All(
            "SELECT joined, left FROM members WHERE tenant = $1 AND user = $2 AND conversation = $3 ORDER BY joined", ReadInterval, user.Tenant, user.Value, id.Value);
        return intervals.Count == 0
            ? null
            : new UserMembership(
                id, (GroupHistory)session.Number("SELECT history FROM groups WHERE tenant = $1 AND conversation = $2", id.Tenant, id.Value), intervals);
    }

    private static MembershipInterval ReadInterval(SqliteDataReader row) => new(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1));
}
