using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Scenarios.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Scenarios.Tests.Mixing;

/// <summary>Rule 7: the log decides who is a member; the directory, in another database, follows it, whatever happens between the two.</summary>
public sealed class ProjectionTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");
    private static readonly UserId Carla = new("carla");
    private static readonly UserId Dora = new("dora");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_group_made_while_the_directory_is_down_is_there_when_it_is_back()
    {
        await using var store = new GroupsInLiteDb();
        await store.CreateAsync();
        var directory = new FailingDirectory { Fails = true };
        await using var host = await StartAsync(store, directory);
        var group = await CreateAsync(host, "Trip", Ben);
        Assert.Empty(await ListAsync(host, Ben));

        directory.Fails = false;
        await Eventually.TrueAsync(async () => (await ListAsync(host, Ben)).Count == 1);
        Assert.Equal(1, (await MembersAsync(host, group))!.Version);
        Assert.True((await host.Chat.SendAsync(SendMessage.Text(Ben, group, "hello"), Stop)).IsSuccess);
    }

    [Fact]
    public async Task What_a_host_that_died_did_not_tell_the_directory_the_next_one_does()
    {
        await using var store = new GroupsInLiteDb();
        await store.CreateAsync();
        ConversationId group;
        await using (var dying = await StartAsync(store, new FailingDirectory { Fails = true }, TimeSpan.FromSeconds(10)))
        {
            group = await CreateAsync(dying, "Trip", Ben);
            Assert.Null(await MembersAsync(dying, group));
        }

        await using var next = await StartAsync(store);
        await Eventually.TrueAsync(async () => (await ListAsync(next, Ben)).Count == 1);
        Assert.Equal([Anna, Ben], (await MembersAsync(next, group))!.Members.Select(member => member.User));
    }

    [Fact]
    public async Task A_directory_restored_from_an_older_backup_is_brought_up_to_the_log()
    {
        await using var logs = await NewAsync();
        await using var groups = await NewAsync();
        ConversationId trip;
        await using (var host = await StartAsync(Mix(logs, groups)))
        {
            trip = await CreateAsync(host, "Trip", Ben);
        }

        await using var backup = await groups.CopyAsync();
        ConversationId club;
        IReadOnlyList<string> wanted;
        await using (var host = await StartAsync(Mix(logs, groups)))
        {
            await ChangeAsync(host, trip, MembershipAction.Added, Carla);
            club = await CreateAsync(host, "Club", Ben, Dora);
            await ChangeAsync(host, club, MembershipAction.Removed, Dora);
            wanted = await DescribeAsync(host, trip, club);
            await Eventually.TrueAsync(() => FeedIsReadAsync(host));
        }

        await using (var host = await StartAsync(Mix(logs, backup)))
        {
            Assert.Empty(await ListAsync(host, Carla)); // the feed's reader has long passed these entries
            Assert.Equal((2, 0), await RebuildAsync(host));
            Assert.Equal(wanted, await DescribeAsync(host, trip, club));
            Assert.Equal("Trip", Assert.Single(await ListAsync(host, Carla)).Title);
            Assert.Equal((0, 0), await RebuildAsync(host));
        }

        // The same from nothing: the directory holds nothing that the logs do not say.
        await using var empty = await NewAsync();
        await using var anew = await StartAsync(Mix(logs, empty));
        Assert.Equal((2, 0), await RebuildAsync(anew));
        Assert.Equal(wanted, await DescribeAsync(anew, trip, club));
    }

    [Fact]
    public async Task A_log_restored_from_an_older_backup_than_the_directory_is_named_and_accepts_nothing_until_it_is_mended()
    {
        await using var logs = await NewAsync();
        await using var groups = await NewAsync();
        ConversationId trip;
        await using (var host = await StartAsync(Mix(logs, groups)))
        {
            trip = await CreateAsync(host, "Trip", Ben);
        }

        await using var backup = await logs.CopyAsync();
        await using (var host = await StartAsync(Mix(logs, groups)))
        {
            await ChangeAsync(host, trip, MembershipAction.Added, Carla);
        }

        await using (var host = await StartAsync(Mix(backup, groups)))
        {
            Assert.Equal(ChatErrorCode.Unavailable, (await host.Chat.SendAsync(SendMessage.Text(Carla, trip, "I was never added"), Stop)).Error?.Code);
            Assert.Equal((0, 1), await RebuildAsync(host));
            Assert.Contains(host.Log.Lines, line => line.Event.Id == 1003);
        }

        await using var empty = await NewAsync();
        await using var mended = await StartAsync(Mix(backup, empty));
        Assert.Equal((1, 0), await RebuildAsync(mended));
        Assert.Equal(ChatErrorCode.NotMember, (await mended.Chat.SendAsync(SendMessage.Text(Carla, trip, "I was never added"), Stop)).Error?.Code);
        Assert.Equal(2, (await mended.Chat.SendAsync(SendMessage.Text(Anna, trip, "so it goes on"), Stop)).Value.Seq);
    }

    private static MixedStore Mix(PostgresStore logs, PostgresStore groups) => new(logs, (ChatPlugs.Groups, groups));

    private static async Task<PostgresStore> NewAsync()
    {
        var store = new PostgresStore();
        await store.CreateAsync();
        return store;
    }

    private static Task<ChatHost> StartAsync(ITestStore store, FailingDirectory? directory = null, TimeSpan? recovery = null) => ChatHost.StartAsync(options =>
    {
        options.Store = store.Use;
        options.Chat = chat => chat.RecoveryInterval = recovery ?? TimeSpan.FromMilliseconds(100);
        options.Build = builder => directory?.Wrap(builder.Services);
    });

    /// <summary>Whether no later host reads any of this again by itself.</summary>
    private static async Task<bool> FeedIsReadAsync(ChatHost host) =>
        await host.App.Services.GetRequiredService<IFeedCheckpointStore>().GetCheckpointAsync("recovery", Stop)
            == (await host.App.Services.GetRequiredService<IStoreIdentity>().GetInfoAsync(Stop)).FeedEnd;

    private static async Task<ConversationId> CreateAsync(ChatHost host, string title, params UserId[] members) =>
        (await host.Chat.CreateGroupAsync(new CreateGroup { By = Anna, Title = title, Members = members }, Stop)).Value.Conversation;

    private static async Task ChangeAsync(ChatHost host, ConversationId group, MembershipAction action, params UserId[] users) =>
        Assert.True((await host.Chat.ChangeMembersAsync(new ChangeMembers { By = Anna, Conversation = group, Action = action, Users = users }, Stop)).IsSuccess);

    private static async Task<IReadOnlyList<Conversation>> ListAsync(ChatHost host, UserId user) =>
        (await host.Chat.GetConversationsAsync(user, null, 50, Stop)).Value.Conversations;

    private static async Task<Membership?> MembersAsync(ChatHost host, ConversationId group) =>
        (await host.App.Services.GetRequiredService<IGroupDirectory>().GetAsync([group], Stop))[0];

    private static async Task<(int Repaired, int Unresolved)> RebuildAsync(ChatHost host)
    {
        var result = await host.App.Services.GetRequiredService<IGroupDirectoryRebuild>().RunAsync(Stop);
        return (result.Repaired, result.Unresolved.Count);
    }

    /// <summary>All that a directory knows of groups: versions, members, and everybody's intervals.</summary>
    private static async Task<IReadOnlyList<string>> DescribeAsync(ChatHost host, params ConversationId[] groups)
    {
        var directory = host.App.Services.GetRequiredService<IGroupDirectory>();
        var lines = new List<string>();
        foreach (var membership in await directory.GetAsync(groups, Stop))
        {
            lines.Add($"{membership!.Title} {membership.Version} {membership.Kind} {membership.History}: {string.Join(", ", membership.Members)}");
        }

        foreach (var user in new[] { Anna, Ben, Carla, Dora })
        {
            var intervals = await directory.GetForUserAsync(user, groups, Stop);
            lines.Add($"{user}: {string.Join("; ", intervals.Select(one => one is null ? "never" : string.Join(", ", one.Intervals)))}");
        }

        return lines;
    }
}
