using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>Applies one membership change on the writer thread.</summary>
internal static class MembershipWriter
{
    public static DirectoryOutcome Apply(WriteSession session, DirectoryChange change)
    {
        var key = Keys.Conversation(change.Conversation);
        var group = session.Find(Collections.Groups, key);
        var version = group is null ? 0 : group["v"].AsInt64;
        if (change.Seq <= version)
        {
            return DirectoryOutcome.AlreadyApplied;
        }

        if (change.PreviousVersion != version)
        {
            return version > change.PreviousVersion ? DirectoryOutcome.Diverged : DirectoryOutcome.Missing;
        }

        if (group is null)
        {
            group = new BsonDocument
            {
                ["_id"] = key,
                ["k"] = (int)(change.Change.Kind ?? ConversationKind.Group),
                ["h"] = (int)(change.Change.History ?? GroupHistory.FromJoining),
            };
            if (change.Change.Title is not null)
            {
                group["title"] = change.Change.Title;
            }
        }

        foreach (var member in change.Change.Members)
        {
            ApplyTo(session, change, group, member);
        }

        group["v"] = change.Seq;
        session.Upsert(Collections.Groups, group);
        return DirectoryOutcome.Applied;
    }

    private static void ApplyTo(WriteSession session, DirectoryChange change, BsonDocument group, MemberChange member)
    {
        var key = Keys.Join(group["_id"].AsString, member.User);
        var row = session.Find(Collections.Groups, key);
        switch (change.Change.Action)
        {
            case MembershipAction.Created or MembershipAction.Added when row is null:
                session.Insert(Collections.Groups, new BsonDocument
                {
                    ["_id"] = key,
                    ["role"] = (int)member.Role,
                    ["joined"] = change.Seq,
                });
                Open(session, change, group, member.User);
                break;
            case MembershipAction.RoleChanged when row is not null:
                row["role"] = (int)member.Role;
                session.Update(Collections.Groups, row);
                break;
            case MembershipAction.Removed or MembershipAction.Left when row is not null:
                session.Delete(Collections.Groups, [key]);
                Close(session, change, member.User);
                break;
            default:
                // Who is there already stays as he is; who is not there cannot be removed or get a role.
                break;
        }
    }

    private static void Open(WriteSession session, DirectoryChange change, BsonDocument group, string user)
    {
        var key = UserKey(change, user);
        var row = session.Find(Collections.Memberships, key)
            ?? new BsonDocument { ["_id"] = key, ["h"] = group["h"], ["i"] = new BsonArray() };
        row["i"].AsArray.Add(new BsonDocument { ["f"] = change.Seq, ["t"] = BsonValue.Null });
        session.Upsert(Collections.Memberships, row);
    }

    private static void Close(WriteSession session, DirectoryChange change, string user)
    {
        var row = session.Find(Collections.Memberships, UserKey(change, user))
            ?? throw new ChatStoreException("The chat database lost a membership.", isTransient: false);
        row["i"].AsArray[^1]["t"] = change.Seq;
        session.Update(Collections.Memberships, row);
    }

    private static string UserKey(DirectoryChange change, string user) =>
        Keys.Join(Keys.Join(change.Conversation.Tenant, user), Keys.Ordered(change.Conversation.Value));
}
