namespace ChatKit.Storage.Testing.Groups.Model;

/// <summary>A group, written down as plainly as possible: the changes applied, and everybody's intervals.</summary>
internal sealed class ModelGroup(ConversationId id)
{
    private readonly Dictionary<string, List<MembershipInterval>> _intervals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemberRole> _roles = new(StringComparer.Ordinal);

    public ConversationId Id { get; } = id;

    public List<DirectoryChange> Applied { get; } = [];

    public long Version => Applied.Count == 0 ? 0 : Applied[^1].Seq;

    public DirectoryOutcome Apply(DirectoryChange change)
    {
        if (change.Seq <= Version)
        {
            return DirectoryOutcome.AlreadyApplied;
        }

        if (change.PreviousVersion != Version)
        {
            return change.PreviousVersion > Version ? DirectoryOutcome.Missing : DirectoryOutcome.Diverged;
        }

        Applied.Add(change);
        foreach (var member in change.Change.Members)
        {
            var isMember = _roles.ContainsKey(member.User);
            switch (change.Change.Action)
            {
                case MembershipAction.Created or MembershipAction.Added when !isMember:
                    _roles[member.User] = member.Role;
                    if (!_intervals.TryGetValue(member.User, out var intervals))
                    {
                        _intervals.Add(member.User, intervals = []);
                    }

                    intervals.Add(new MembershipInterval(change.Seq, null));
                    break;
                case MembershipAction.RoleChanged when isMember:
                    _roles[member.User] = member.Role;
                    break;
                case MembershipAction.Removed or MembershipAction.Left when isMember:
                    _roles.Remove(member.User);
                    _intervals[member.User][^1] = _intervals[member.User][^1] with { Left = change.Seq };
                    break;
            }
        }

        return DirectoryOutcome.Applied;
    }

    public string Describe()
    {
        var creation = Applied.Count == 0 ? null : Applied[0].Change;
        return Describe(Id, creation is null ? null : new Membership
        {
            Conversation = Id,
            Version = Version,
            Kind = creation.Kind ?? ConversationKind.Group,
            Title = creation.Title,
            History = creation.History ?? GroupHistory.FromJoining,
            Members = [.. _roles.OrderBy(pair => pair.Key, IdOrder.Comparer)
                .Select(pair => new Member(new UserId(pair.Key, Id.Tenant), pair.Value, _intervals[pair.Key][^1].Joined))],
        });
    }

    public string Describe(UserId user) => Describe(user.Tenant == Id.Tenant && _intervals.TryGetValue(user.Value, out var intervals)
        ? new UserMembership(Id, Applied[0].Change.History ?? GroupHistory.FromJoining, intervals)
        : null);

    public static string Describe(ConversationId id, Membership? membership) => membership is null
        ? $"{id}: none"
        : $"{membership.Conversation}: {membership.Version} {membership.Kind} {membership.Title} {membership.History} {string.Join(' ', membership.Members)}";

    public static string Describe(UserMembership? membership) => membership is null
        ? "-"
        : $"{membership.Conversation} {membership.History} {membership.IsMember} {string.Join(' ', membership.Intervals)}";
}
