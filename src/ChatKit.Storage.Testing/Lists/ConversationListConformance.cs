using ChatKit.Storage.Testing.Lists;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IConversationListReader"/> does: it says of a user's conversations what the plugs it reads from say (rules 2, 3 and 12).</summary>
public abstract class ConversationListConformance : StorageConformance
{
    private IConversationListReader Reader => Plug<IConversationListReader>();

    private ListScene Scene(string tenant = "") =>
        new(Plug<IMessageStore>(), Plug<IReceiptStore>(), Plug<IGroupDirectory>(), VirtualClock, tenant);

    /// <summary>Members, former members and those who came back, groups that show their past, edits, deletions, what does not count, marks.</summary>
    [ConformanceFact]
    public async Task A_row_says_what_the_plugs_say()
    {
        var scene = Scene("acme");
        var plain = await scene.CreateAsync(GroupHistory.FromJoining, "ann", "ben");
        await scene.SendAsync(plain, "one");
        var edited = await scene.SendAsync(plain, "two");
        await scene.SendAsync(plain, "not counted", counts: false);
        var deleted = await scene.SendAsync(plain, "three");
        var last = await scene.SendAsync(plain, "four");
        await scene.EditAsync(plain, edited, "two, edited");
        await scene.EditAsync(plain, last, "four, edited");
        await scene.DeleteAsync(plain, deleted);
        await scene.MarkAsync(plain, "ben", 2);

        var tombstone = await scene.CreateAsync(GroupHistory.FromJoining, "ann", "ben");
        await scene.DeleteAsync(tombstone, await scene.SendAsync(tombstone, "gone"));

        var left = await scene.CreateAsync(GroupHistory.FromJoining, "ann", "ben");
        await scene.SendAsync(left, "seen");
        await scene.ChangeAsync(left, MembershipAction.Left, "ben");
        await scene.SendAsync(left, "not for ben");

        var open = await scene.CreateAsync(GroupHistory.All, "ann");
        await scene.SendAsync(open, "past");
        await scene.ChangeAsync(open, MembershipAction.Added, "ben");

        var back = await scene.CreateAsync(GroupHistory.FromJoining, "ann", "ben");
        await scene.SendAsync(back, "before");
        await scene.ChangeAsync(back, MembershipAction.Removed, "ben");
        await scene.SendAsync(back, "between");
        await scene.ChangeAsync(back, MembershipAction.Added, "ben");

        await scene.CreateAsync(GroupHistory.FromJoining, "ann", "ben");
        await scene.CreateAsync(GroupHistory.FromJoining, "ann", "cyd");

        Assert.Equal(6, (await CompareAsync(scene, "ben")).Count);
        Assert.Equal(7, (await CompareAsync(scene, "ann")).Count);
        Assert.Single(await CompareAsync(scene, "cyd"));
        Assert.Empty(await CompareAsync(scene, "dan"));
        Assert.Empty(await Reader.ReadAsync(new UserId("ben"), null, 10, Token)); // of no tenant
        var rows = await Reader.ReadAsync(scene.User("ben"), null, 1000, Token);
        Assert.Equal(2, rows.Single(row => row.Head.Conversation == plain).Unread);
        Assert.Equal("four, edited", rows.Single(row => row.Head.Conversation == plain).LastMessage!.Text());
        Assert.Equal("before", rows.Single(row => row.Head.Conversation == back).LastMessage!.Text());
    }

    /// <summary>Pages of any size give the whole list, each row once, also where conversations were active at the same moment.</summary>
    [ConformanceTheory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Pages_give_the_whole_list(int size)
    {
        NeedsVirtualClock();
        var scene = new ListScene(Plug<IMessageStore>(), Plug<IReceiptStore>(), Plug<IGroupDirectory>(), clock: null);
        for (var i = 0; i < 7; i++)
        {
            await scene.SendAsync(await scene.CreateAsync(GroupHistory.FromJoining, "ann", "ben"), $"at once {i}");
        }

        VirtualClock!.Move(TimeSpan.FromMilliseconds(250));
        await scene.SendAsync(scene.Conversations[3], "later");
        await scene.ChangeAsync(scene.Conversations[5], MembershipAction.Left, "ben");
        var pages = new List<ConversationListRow>();
        IReadOnlyList<ConversationListRow> page;
        do
        {
            page = await Reader.ReadAsync(scene.User("ben"), pages.Count == 0 ? null : After(pages[^1]), size, Token);
            pages.AddRange(page);
        }
        while (page.Count == size);

        Assert.Equal(ListForm.Of(await scene.ExpectAsync("ben")), ListForm.Of(pages));
        Assert.Equal(7, pages.Count);
    }

    /// <summary>Rule 2: what retention took is neither counted nor shown; where it took the leaving, the row is of 1970.</summary>
    [ConformanceFact]
    public async Task What_was_trimmed_is_not_in_it()
    {
        var retention = Role<ILogRetention>();
        var scene = Scene();
        var stays = await scene.CreateAsync(GroupHistory.FromJoining, "ann", "ben");
        await scene.SendAsync(stays, "trimmed");
        var kept = await scene.SendAsync(stays, "kept");
        await retention.TrimAsync(stays, kept - 1, Token);
        var bare = await scene.CreateAsync(GroupHistory.All, "ann", "ben");
        var through = await scene.SendAsync(bare, "all that was said");
        await scene.ChangeAsync(bare, MembershipAction.Added, "cyd");
        await retention.TrimAsync(bare, through, Token);
        var left = await scene.CreateAsync(GroupHistory.FromJoining, "ann", "ben");
        var leaving = await scene.ChangeAsync(left, MembershipAction.Left, "ben");
        await scene.SendAsync(left, "after him");
        await retention.TrimAsync(left, leaving, Token);
        var rows = await CompareAsync(scene, "ben");
        Assert.Equal([bare, stays, left], rows.Select(row => row.Head.Conversation));
        Assert.Equal([0, 1, 0], rows.Select(row => row.Unread));
        Assert.Equal([null, "kept", null], rows.Select(row => row.LastMessage?.Text()));
        Assert.Equal(DateTimeOffset.UnixEpoch, rows[2].LastActivityAt);
    }

    /// <summary>Whatever happened in whatever order: the list is what the plugs say.</summary>
    [ConformanceTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_scenes_are_read_as_they_are(int seed)
    {
        var random = new Random(seed);
        var scene = Scene($"t{seed}");
        string[] users = ["ben", "cyd"];
        for (var step = 0; step < 120; step++)
        {
            await StepAsync(scene, random, users);
        }

        Assert.NotEmpty(await CompareAsync(scene, "ann"));
        await CompareAsync(scene, "ben");
        await CompareAsync(scene, "cyd");
    }

    /// <summary>It answers for its own plugs and for no others.</summary>
    [ConformanceFact]
    public Task It_reads_from_its_own_plugs_only()
    {
        Assert.True(Reader.CanRead(Plug<IReceiptStore>(), Plug<IGroupDirectory>()));
        Assert.False(Reader.CanRead(new ForeignPlugs(), Plug<IGroupDirectory>()));
        Assert.False(Reader.CanRead(Plug<IReceiptStore>(), new ForeignPlugs()));
        return Task.CompletedTask;
    }

    /// <summary>Limits are checked before the store is asked.</summary>
    [ConformanceTheory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_limit_out_of_range_is_refused(int limit) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Reader.ReadAsync(new UserId("ann"), null, limit, Token));

    private static ConversationListPosition After(ConversationListRow row) => new(row.LastActivityAt, row.Head.Conversation.Value);

    private static async Task StepAsync(ListScene scene, Random random, string[] users)
    {
        if (scene.Conversations.Count == 0 || random.Next(10) == 0)
        {
            await scene.CreateAsync(random.Next(3) == 0 ? GroupHistory.All : GroupHistory.FromJoining, ["ann", .. users.Take(random.Next(3))]);
            return;
        }

        var id = scene.Conversations[random.Next(scene.Conversations.Count)];
        var user = users[random.Next(users.Length)];
        switch (random.Next(8))
        {
            case 0:
                await scene.ChangeAsync(id, MembershipAction.Added, user);
                break;
            case 1:
                await scene.ChangeAsync(id, MembershipAction.Removed, user);
                break;
            case 2:
                await scene.MarkAsync(id, user, random.Next(1, 12));
                break;
            case 3:
                await scene.EditAsync(id, await scene.SendAsync(id, "to edit"), "edited");
                break;
            case 4:
                await scene.DeleteAsync(id, await scene.SendAsync(id, "to delete"));
                break;
            default:
                await scene.SendAsync(id, $"text {random.Next()}", counts: random.Next(4) > 0);
                break;
        }
    }

    private async Task<IReadOnlyList<ConversationListRow>> CompareAsync(ListScene scene, string user)
    {
        var rows = await Reader.ReadAsync(scene.User(user), null, 1000, Token);
        Assert.Equal(ListForm.Of(await scene.ExpectAsync(user)), ListForm.Of(rows));
        return rows;
    }
}
