using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IGroupDirectory"/> does (rules 2 and 7).</summary>
public abstract partial class GroupDirectoryConformance : StorageConformance
{
    private IGroupDirectory Directory => Plug<IGroupDirectory>();

    /// <summary>A creation makes a conversation with its kind, title, history and members in the order of their ids.</summary>
    [Fact]
    public async Task A_creation_makes_the_conversation()
    {
        var group = Make.Conversation("acme");
        var direct = new ConversationId("d_x", "acme");
        await AppliedAsync(
            new DirectoryChange(group, 1, 0, new MembershipChange
            {
                Action = MembershipAction.Created,
                Kind = ConversationKind.Group,
                Title = "Hikers \U0001f600",
                History = GroupHistory.All,
                Members = [new MemberChange("ben"), new MemberChange("Zoe", MemberRole.Admin), new MemberChange("ann", MemberRole.Owner)],
            }),
            new DirectoryChange(direct, 1, 0, new MembershipChange
            {
                Action = MembershipAction.Created,
                Kind = ConversationKind.Direct,
                Members = [new MemberChange("ann"), new MemberChange("ben")],
            }));
        var read = await Directory.GetAsync([direct, Make.Conversation("acme"), group], Token);
        Assert.Equal(3, read.Count);
        Assert.Equal((direct, 1L, ConversationKind.Direct, null, GroupHistory.FromJoining), Describe(read[0]!));
        Assert.Null(read[1]);
        Assert.Equal((group, 1L, ConversationKind.Group, "Hikers \U0001f600", GroupHistory.All), Describe(read[2]!));
        Assert.Equal(
            [
                new Member(new UserId("Zoe", "acme"), MemberRole.Admin, 1),
                new Member(new UserId("ann", "acme"), MemberRole.Owner, 1),
                new Member(new UserId("ben", "acme"), MemberRole.Member, 1),
            ],
            read[2]!.Members);
        Assert.Empty(await Directory.GetAsync([], Token));

        static (ConversationId, long, ConversationKind, string?, GroupHistory) Describe(Membership membership) =>
            (membership.Conversation, membership.Version, membership.Kind, membership.Title, membership.History);
    }

    /// <summary>Rule 7: members are added and removed, leave and get roles; the version is the change's Seq.</summary>
    [Fact]
    public async Task Changes_change_the_members()
    {
        var id = Make.Conversation();
        await AppliedAsync(Created(id, "ann", "ben"));
        await AppliedAsync(Change(id, 4, 1, MembershipAction.Added, "dan", "cyd"));
        Assert.Equal("4: ann/Member/1 ben/Member/1 cyd/Member/4 dan/Member/4", await MembersAsync(id));
        await AppliedAsync(Change(id, 5, 4, MembershipAction.Removed, "ben", "dan"));
        await AppliedAsync(new DirectoryChange(id, 9, 5, new MembershipChange
        {
            Action = MembershipAction.RoleChanged,
            Members = [new MemberChange("cyd", MemberRole.Owner)],
        }));
        Assert.Equal("9: ann/Member/1 cyd/Owner/4", await MembersAsync(id));
        await AppliedAsync(Change(id, 10, 9, MembershipAction.Left, "ann"));
        await AppliedAsync(Change(id, 11, 10, MembershipAction.Left, "cyd"));
        Assert.Equal("11:", await MembersAsync(id));
    }

    /// <summary>Rule 2: a former member keeps his intervals; rejoining opens a new one, with the role of the rejoining.</summary>
    [Fact]
    public async Task Rejoining_opens_a_new_interval()
    {
        var id = Make.Conversation();
        var ben = new UserId("ben");
        await AppliedAsync(Created(id, "ann", "ben"));
        Assert.Equal("1-", await IntervalsAsync(ben, id));
        await AppliedAsync(Change(id, 5, 1, MembershipAction.Removed, "ben"));
        Assert.Equal("1-5", await IntervalsAsync(ben, id));
        await AppliedAsync(new DirectoryChange(id, 9, 5, new MembershipChange
        {
            Action = MembershipAction.Added,
            Members = [new MemberChange("ben", MemberRole.Admin)],
        }));
        Assert.Equal("1-5 9-", await IntervalsAsync(ben, id));
        Assert.Equal("9: ann/Member/1 ben/Admin/9", await MembersAsync(id));
        await AppliedAsync(Change(id, 12, 9, MembershipAction.Left, "ben"));
        await AppliedAsync(Change(id, 13, 12, MembershipAction.Added, "ben"));
        Assert.Equal("1-5 9-12 13-", await IntervalsAsync(ben, id));
        Assert.Equal("1-", await IntervalsAsync(new UserId("ann"), id));
        Assert.Equal("13: ann/Member/1 ben/Member/13", await MembersAsync(id));
    }

    /// <summary>Rule 7: a change is applied once; it, and any before it, is known afterwards and changes nothing.</summary>
    [Fact]
    public async Task A_change_is_applied_once()
    {
        var id = Make.Conversation();
        DirectoryChange[] changes =
            [Created(id, "ann", "ben"), Change(id, 4, 1, MembershipAction.Removed, "ben"), Change(id, 6, 4, MembershipAction.Added, "ben")];
        await AppliedAsync(changes);
        var members = await MembersAsync(id);
        var again = await Directory.ApplyAsync([.. changes, changes[1], changes[0]], Token);
        Assert.Equal(5, again.Count);
        Assert.All(again, outcome => Assert.Equal(DirectoryOutcome.AlreadyApplied, outcome));
        Assert.Equal(members, await MembersAsync(id));
        Assert.Equal("1-4 6-", await IntervalsAsync(new UserId("ben"), id));
    }

    /// <summary>Rule 7: a change whose predecessor the directory lacks is refused, until it has that.</summary>
    [Fact]
    public async Task A_change_waits_for_those_before_it()
    {
        var (id, other) = (Make.Conversation(), Make.Conversation());
        var (first, second, third) = (Created(id, "ann"), Change(id, 4, 1, MembershipAction.Added, "ben"), Change(id, 6, 4, MembershipAction.Added, "cyd"));
        Assert.Equal([DirectoryOutcome.Missing], await Directory.ApplyAsync([second], Token));
        Assert.Null(Assert.Single(await Directory.GetAsync([id], Token)));
        Assert.Empty(await Directory.ListAsync(new UserId("ben"), null, 10, Token));
        Assert.Equal(
            [DirectoryOutcome.Applied, DirectoryOutcome.Missing, DirectoryOutcome.Applied],
            await Directory.ApplyAsync([first, third, Created(other, "ann")], Token));
        Assert.Equal("1: ann/Member/1", await MembersAsync(id));
        Assert.Equal(
            [DirectoryOutcome.Missing, DirectoryOutcome.Applied, DirectoryOutcome.Applied],
            await Directory.ApplyAsync([third, second, third], Token));
        Assert.Equal("6: ann/Member/1 ben/Member/4 cyd/Member/6", await MembersAsync(id));
        Assert.Empty(await Directory.ApplyAsync([], Token));
    }

    /// <summary>Members are told in the order of their ids: that of their UTF-8 bytes.</summary>
    [Fact]
    public async Task Members_are_told_in_the_order_of_their_ids()
    {
        var id = Make.Conversation();
        await AppliedAsync(Created(id, [.. Texts.InOrder.Reverse().Skip(3)]), Change(id, 2, 1, MembershipAction.Added, [.. Texts.InOrder.TakeLast(3)]));
        Assert.Equal(Texts.InOrder, Assert.Single(await Directory.GetAsync([id], Token))!.Members.Select(member => member.User.Value));
    }

    /// <summary>Rule 7: the change is applied as the log has it; what it says of members it does not concern changes nothing.</summary>
    [Fact]
    public async Task What_does_not_concern_a_member_changes_nothing()
    {
        var id = Make.Conversation();
        await AppliedAsync(new DirectoryChange(id, 1, 0, new MembershipChange
        {
            Action = MembershipAction.Created,
            Kind = ConversationKind.Group,
            Members = [new MemberChange("ann", MemberRole.Owner), new MemberChange("ann"), new MemberChange("ben")],
        }));
        await AppliedAsync(Change(id, 2, 1, MembershipAction.Added, "ann", "cyd"), Change(id, 3, 2, MembershipAction.Removed, "dan", "ben"));
        await AppliedAsync(new DirectoryChange(id, 4, 3, new MembershipChange
        {
            Action = MembershipAction.RoleChanged,
            Members = [new MemberChange("ben", MemberRole.Admin), new MemberChange("cyd", MemberRole.Admin), new MemberChange("eve", MemberRole.Admin)],
        }));
        await AppliedAsync(Change(id, 5, 4, MembershipAction.Left, "ben"));
        Assert.Equal("5: ann/Owner/1 cyd/Admin/2", await MembersAsync(id));
        Assert.Equal("1-3", await IntervalsAsync(new UserId("ben"), id));
        Assert.Equal([null, null], new[]
        {
            Assert.Single(await Directory.GetForUserAsync(new UserId("dan"), [id], Token)),
            Assert.Single(await Directory.GetForUserAsync(new UserId("eve"), [id], Token)),
        });
    }

    /// <summary>Rule 7: a directory that has a version the log never had says so, and stays as it is.</summary>
    [Fact]
    public async Task A_directory_beside_its_log_says_so()
    {
        var id = Make.Conversation();
        await AppliedAsync(Created(id, "ann"), Change(id, 5, 1, MembershipAction.Added, "ben"));
        DirectoryChange[] changes =
        [
            Change(id, 9, 3, MembershipAction.Added, "cyd"), Change(id, 9, 1, MembershipAction.Left, "ann"),
            new DirectoryChange(id, 6, 0, Created(id, "dan").Change), Change(id, 9, 7, MembershipAction.Added, "eve"),
            Change(id, 5, 3, MembershipAction.Added, "fay"), Change(id, 4, 1, MembershipAction.Added, "gil"),
        ];
        Assert.Equal(
            [
                DirectoryOutcome.Diverged, DirectoryOutcome.Diverged, DirectoryOutcome.Diverged, DirectoryOutcome.Missing,
                DirectoryOutcome.AlreadyApplied, DirectoryOutcome.AlreadyApplied,
            ],
            await Directory.ApplyAsync(changes, Token));
        Assert.Equal("5: ann/Member/1 ben/Member/5", await MembersAsync(id));
    }

    /// <summary>A user's intervals are answered one a conversation, in order; null where he never was a member.</summary>
    [Fact]
    public async Task Intervals_are_answered_in_order()
    {
        var (one, other, none) = (Make.Conversation(), Make.Conversation(), Make.Conversation());
        var ben = new UserId("ben");
        await AppliedAsync(
            Created(one, "ann", "ben"), Created(other, "ann"), Created(none, "ann"), Change(other, 3, 1, MembershipAction.Added, "ben"), Change(one, 2, 1, MembershipAction.Left, "ben"));
        var read = await Directory.GetForUserAsync(ben, [other, none, Make.Conversation(), one], Token);
        Assert.Equal(4, read.Count);
        Assert.Equal((other, true), (read[0]!.Conversation, read[0]!.IsMember));
        Assert.Null(read[1]);
        Assert.Null(read[2]);
        Assert.Equal((one, false), (read[3]!.Conversation, read[3]!.IsMember));
        Assert.Empty(await Directory.GetForUserAsync(ben, [], Token));
    }

    /// <summary>Promise: members and intervals outlive a restart.</summary>
    [Fact]
    public async Task Members_outlive_a_restart()
    {
        var id = Make.Conversation("acme");
        var changes = new[] { Created(id, "ann", "ben"), Change(id, 4, 1, MembershipAction.Removed, "ben"), Change(id, 7, 4, MembershipAction.Added, "ben") };
        await AppliedAsync(changes);
        await ReopenAsync();
        Assert.Equal("7: ann/Member/1 ben/Member/7", await MembersAsync(id));
        Assert.Equal("1-4 7-", await IntervalsAsync(new UserId("ben", "acme"), id));
        Assert.Equal([DirectoryOutcome.AlreadyApplied], await Directory.ApplyAsync([changes[2]], Token));
        await AppliedAsync(Change(id, 8, 7, MembershipAction.Left, "ann"));
    }

    private static DirectoryChange Created(ConversationId id, params string[] users) => new(id, 1, 0, new MembershipChange
    {
        Action = MembershipAction.Created,
        Kind = ConversationKind.Group,
        Members = [.. users.Select(user => new MemberChange(user))],
    });

    private static DirectoryChange Change(ConversationId id, long seq, long previous, MembershipAction action, params string[] users) =>
        new(id, seq, previous, new MembershipChange { Action = action, Members = [.. users.Select(user => new MemberChange(user))] });

    private async Task AppliedAsync(params DirectoryChange[] changes)
    {
        var outcomes = await Directory.ApplyAsync(changes, Token);
        Assert.Equal(changes.Length, outcomes.Count);
        Assert.All(outcomes, outcome => Assert.Equal(DirectoryOutcome.Applied, outcome));
    }

    private async Task<string> MembersAsync(ConversationId id)
    {
        var membership = Assert.Single(await Directory.GetAsync([id], Token));
        Assert.NotNull(membership);
        return $"{membership.Version}:" + string.Concat(membership.Members.Select(member => $" {member.User.Value}/{member.Role}/{member.Joined}"));
    }

    private async Task<string> IntervalsAsync(UserId user, ConversationId id)
    {
        var membership = Assert.Single(await Directory.GetForUserAsync(user, [id], Token));
        Assert.NotNull(membership);
        return string.Join(' ', membership.Intervals.Select(interval => $"{interval.Joined}-{interval.Left}"));
    }
}
