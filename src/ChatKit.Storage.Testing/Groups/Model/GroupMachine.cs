using ChatKit.Storage.Testing.Sequences;

namespace ChatKit.Storage.Testing.Groups.Model;

/// <summary>Drives a group directory beside plain lists of members and intervals.</summary>
internal sealed class GroupMachine : Machine
{
    private static readonly string[] Names = ["ann", "ben", "Ben", "\uffff", "\U0001f600"];

    private readonly Func<IGroupDirectory> _directory;
    private readonly Func<Task>? _reopen;
    private readonly ModelGroup[] _groups;

    public GroupMachine(Func<IGroupDirectory> directory, Func<Task>? reopen)
    {
        (_directory, _reopen) = (directory, reopen);
        (string Tenant, string Value)[] ids = [("", "a\uffff"), ("", "a\U0001f600"), ("acme", "a\uffff"), ("", "A")];
        _groups = [.. ids.Select(id => new ModelGroup(new ConversationId($"{Run}{id.Value}", id.Tenant)))];
    }

    protected override IReadOnlyList<Move> Moves =>
    [
        new(45, ApplyAsync), new(8, _ => ReadAsync()), new(10, ReadUserAsync), new(10, ListAsync), new(_reopen is null ? 0 : 3, ReopenAsync),
    ];

    protected override async Task CheckAllAsync()
    {
        await CompareAsync();
        foreach (var tenant in new[] { "", "acme" })
        {
            foreach (var name in Names)
            {
                await CompareAsync(User(name, tenant));
                await CompareAsync(User(name, tenant), null, 10_000);
            }
        }
    }

    /// <summary>Users are this run's own, so that their lists are.</summary>
    private UserId User(string name, string tenant) => new($"{Run}{name}", tenant);

    private UserId AnyUser(Dice dice) => User(Names[dice.Next(Names.Length)], dice.Pick("", "", "acme"));

    private async Task ApplyAsync(Dice dice)
    {
        List<DirectoryChange> batch = [];
        List<DirectoryOutcome> expected = [];
        var count = 1 + (dice.OnceIn(3) ? dice.Next(4) : 0);
        for (var n = 0; n < count; n++)
        {
            var group = _groups[dice.Pick(0, 0, 0, 1, 2, 3)];
            var change = Change(group, dice);
            batch.Add(change);
            expected.Add(group.Apply(change));
        }

        Tell($"apply {string.Join("; ", batch.Select(Describe))}");
        var outcomes = await _directory().ApplyAsync(batch, Token);
        Add(string.Join(", ", outcomes));
        SameLines(expected.Select(outcome => $"{outcome}"), outcomes.Select(outcome => $"{outcome}"), "The outcomes");
    }

    private DirectoryChange Change(ModelGroup group, Dice dice)
    {
        if (dice.OnceIn(6) && group.Applied.Count > 0)
        {
            return group.Applied[dice.Next(group.Applied.Count)];
        }

        var previous = dice.OnceIn(8) ? dice.Next((int)group.Version + 3) : group.Version;
        var action = group.Version == 0 && previous == 0
            ? MembershipAction.Created
            : dice.Pick(MembershipAction.Added, MembershipAction.Removed, MembershipAction.Left, MembershipAction.RoleChanged, MembershipAction.Added);
        var created = action == MembershipAction.Created;
        return new DirectoryChange(group.Id, previous + 1 + dice.Next(3), previous, new MembershipChange
        {
            Action = action,
            Members = [.. Enumerable.Range(0, 1 + dice.Next(3)).Select(_ => new MemberChange(
                $"{Run}{Names[dice.Next(Names.Length)]}", dice.Pick(MemberRole.Member, MemberRole.Admin, MemberRole.Owner)))],
            Kind = created ? dice.Pick(ConversationKind.Group, ConversationKind.Direct) : null,
            Title = created ? dice.Pick(null, "Hikers", "e\u0301 \U0001f600") : null,
            History = created ? dice.Pick(GroupHistory.FromJoining, GroupHistory.All) : null,
        });
    }

    private string Describe(DirectoryChange change) =>
        $"{change.Conversation} {change.PreviousVersion}->{change.Seq} {change.Change.Action} "
        + string.Join(' ', change.Change.Members.Select(member => $"{member.User[Run.Length..]}/{member.Role}"));

    private Task ReadAsync()
    {
        Tell("read the members of all groups");
        return CompareAsync();
    }

    private Task ReadUserAsync(Dice dice)
    {
        var user = AnyUser(dice);
        Tell($"read the intervals of {user}");
        return CompareAsync(user);
    }

    private Task ListAsync(Dice dice)
    {
        var user = AnyUser(dice);
        ConversationId? after = dice.OnceIn(2) ? dice.Pick(_groups[dice.Next(_groups.Length)].Id, new ConversationId($"{Run}a", user.Tenant)) : null;
        var limit = dice.OnceIn(2) ? 1 + dice.Next(3) : 10_000;
        after = after is { } id ? new ConversationId(id.Value, user.Tenant) : null;
        Tell($"list the groups of {user} after {after}, {limit} at most");
        return CompareAsync(user, after, limit);
    }

    private Task ReopenAsync(Dice dice)
    {
        Tell("open the store again");
        return _reopen!();
    }

    private async Task CompareAsync()
    {
        var answers = await _directory().GetAsync([.. _groups.Select(group => group.Id)], Token);
        SameLines(_groups.Select(group => group.Describe()), _groups.Zip(answers, (group, answer) => ModelGroup.Describe(group.Id, answer)), "The groups");
    }

    private async Task CompareAsync(UserId user)
    {
        var answers = await _directory().GetForUserAsync(user, [.. _groups.Select(group => group.Id)], Token);
        SameLines(
            _groups.Select(group => $"{group.Id}: {group.Describe(user)}"),
            _groups.Zip(answers, (group, answer) => $"{group.Id}: {ModelGroup.Describe(answer)}"),
            $"The intervals of {user}");
    }

    private async Task CompareAsync(UserId user, ConversationId? after, int limit) => SameLines(
        _groups.Where(group => group.Describe(user) != "-" && (after is null || IdOrder.Comparer.Compare(group.Id.Value, after.Value.Value) > 0))
            .OrderBy(group => group.Id.Value, IdOrder.Comparer).Take(limit).Select(group => group.Describe(user)),
        (await _directory().ListAsync(user, after, limit, Token)).Select(ModelGroup.Describe),
        $"The groups of {user}");
}
