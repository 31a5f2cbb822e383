namespace ChatKit.InMemory;

/// <summary>One conversation of the directory: its members and everybody's intervals. Not thread-safe.</summary>
internal sealed class InMemoryGroup(ConversationId conversation)
{
    private readonly Dictionary<string, Person> _people = new(StringComparer.Ordinal);
    private Membership? _snapshot;
    private ConversationKind _kind = ConversationKind.Group;
    private GroupHistory _history;
    private string? _title;

    public long Version { get; private set; }

    /// <summary>The present members; made once a version.</summary>
    public Membership Snapshot => _snapshot ??= new Membership
    {
        Conversation = conversation,
        Version = Version,
        Kind = _kind,
        Title = _title,
        History = _history,
        Members = [.. _people.Values
            .Where(person => person.IsMember)
            .OrderBy(person => person.User.Value, IdOrder.Comparer)
            .Select(person => new Member(person.User, person.Role, person.Intervals[^1].Joined))],
    };

    public UserMembership? For(UserId user) =>
        string.Equals(user.Tenant, conversation.Tenant, StringComparison.Ordinal) && _people.TryGetValue(user.Value, out var person)
            ? new UserMembership(conversation, _history, [.. person.Intervals])
            : null;

    /// <summary>Applies a change and tells who became a member for the first time.</summary>
    public IEnumerable<UserId> Apply(long seq, MembershipChange change)
    {
        List<UserId> newcomers = [];
        if (change.Action == MembershipAction.Created)
        {
            _kind = change.Kind ?? ConversationKind.Group;
            _title = change.Title;
            _history = change.History ?? GroupHistory.FromJoining;
        }

        foreach (var member in change.Members)
        {
            var known = _people.TryGetValue(member.User, out var person);
            switch (change.Action)
            {
                case MembershipAction.Created or MembershipAction.Added:
                    if (!known)
                    {
                        person = new Person(new UserId(member.User, conversation.Tenant));
                        _people.Add(member.User, person);
                        newcomers.Add(person.User);
                    }

                    person!.Join(seq, member.Role);
                    break;
                case MembershipAction.Removed or MembershipAction.Left:
                    person?.Leave(seq);
                    break;
                case MembershipAction.RoleChanged when person is { IsMember: true }:
                    person.Role = member.Role;
                    break;
            }
        }

        Version = seq;
        _snapshot = null;
        return newcomers;
    }

    private sealed class Person(UserId user)
    {
        public UserId User { get; } = user;

        public List<MembershipInterval> Intervals { get; } = [];

        public MemberRole Role { get; set; }

        public bool IsMember => Intervals.Count > 0 && Intervals[^1].Left is null;

        public void Join(long seq, MemberRole role)
        {
            if (!IsMember)
            {
                Intervals.Add(new MembershipInterval(seq, null));
                Role = role;
            }
        }

        public void Leave(long seq)
        {
            if (IsMember)
            {
                Intervals[^1] = Intervals[^1] with { Left = seq };
            }
        }
    }
}
