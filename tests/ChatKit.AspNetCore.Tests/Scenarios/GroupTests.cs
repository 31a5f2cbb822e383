using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Client;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>Groups whose members change in the middle of the stream (rules 2 and 7).</summary>
public class GroupTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Members_see_a_group_from_joining_to_leaving()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        await using var carla = await Person.ConnectAsync(host, "carla");

        var group = await anna.Client.CreateGroupAsync("Trip", [ben.Id], cancellationToken: Stop);
        await Person.SendToAsync(group, "before Carla");
        await ben.GetsAsync("before Carla");
        await group.AddMembersAsync([carla.Id], Stop);
        await Person.SendToAsync(group, "with Carla");
        await carla.GetsAsync("with Carla");
        await ben.GetsAsync("with Carla");
        await group.RemoveMembersAsync([carla.Id], Stop);
        await carla.SeesAsync<MembershipUpdated>(change => change.Action == MembershipAction.Removed);
        await Person.SendToAsync(group, "without Carla");
        await ben.GetsAsync("without Carla");

        // Rule 2: what lies outside her interval never reached her, neither live nor as a page; and she can write no more.
        Assert.Equal(["with Carla"], carla.Texts);
        var page = await carla.Client.Conversation(group.Id!.Value).GetMessagesAsync(cancellationToken: Stop);
        Assert.Equal(["with Carla"], page.Messages.Select(message => message.Text));
        var refused = await Assert.ThrowsAsync<ChatClientException>(() => Person.SendToAsync(carla.Client.Conversation(group.Id.Value), "may I?"));
        Assert.Equal(ChatErrorCode.NotMember, refused.Code);
    }

    [Fact]
    public async Task Rejoining_skips_what_was_written_meanwhile()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await host.ConnectAsync("ben");
        var group = await anna.Client.CreateGroupAsync("Trip", [new UserId("ben")], cancellationToken: Stop); // 1
        await Person.SendToAsync(group, "one"); // 2
        await group.RemoveMembersAsync([new UserId("ben")], Stop); // 3
        for (var i = 0; i < 10; i++)
        {
            await Person.SendToAsync(group, $"secret {i}"); // 4 to 13
        }

        await group.AddMembersAsync([new UserId("ben")], Stop); // 14
        await Person.SendToAsync(group, "two"); // 15
        await ben.FramesAsync(new CommandFrame { T = CommandTags.Activity });

        var seen = new List<string>();
        while (!seen.Contains("15"))
        {
            var frame = await ben.NextAsync(one => one.T is EventTags.Entry or EventTags.Skip);
            Assert.DoesNotContain("secret", frame.Entry?.Text ?? "", StringComparison.Ordinal);
            seen.Add(frame.T == EventTags.Entry ? $"{frame.Entry!.Seq}" : $"skip {frame.Seq}-{frame.To}");
        }

        Assert.Equal(["1", "2", "3", "skip 4-13", "14", "15"], seen); // gapless with skips
    }

    [Fact]
    public async Task A_member_who_was_offline_while_he_was_removed_and_added_gets_his_intervals()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using (await Person.ConnectAsync(host, "ben"))
        {
            // Ben's device is known from here on.
        }

        var group = await anna.Client.CreateGroupAsync("Trip", [new UserId("ben")], cancellationToken: Stop);
        await Person.SendToAsync(group, "one");
        await group.RemoveMembersAsync([new UserId("ben")], Stop);
        await Person.SendToAsync(group, "secret");
        await group.AddMembersAsync([new UserId("ben")], Stop);
        await Person.SendToAsync(group, "two");

        await using var ben = await Person.ConnectAsync(host, "ben");
        await ben.GetsAsync("two");
        Assert.DoesNotContain("secret", ben.Texts);
        var page = await ben.Client.Conversation(group.Id!.Value).GetMessagesAsync(cancellationToken: Stop);
        Assert.Equal(["one", "two"], page.Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task A_group_that_shows_its_history_shows_it_as_pages()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        var group = await anna.Client.CreateGroupAsync("Open", [], GroupHistory.All, Stop);
        await Person.SendToAsync(group, "old");
        await group.AddMembersAsync([ben.Id], Stop);
        await Person.SendToAsync(group, "new");
        await ben.GetsAsync("new");

        Assert.Equal(["new"], ben.Texts); // rule 8: a newcomer starts where he joined, the past is read as pages
        var page = await ben.Client.Conversation(group.Id!.Value).GetMessagesAsync(cancellationToken: Stop);
        Assert.Equal(["old", "new"], page.Messages.Select(message => message.Text));
    }

    [Fact]
    public async Task Only_admins_change_members_and_nobody_changes_a_direct_chat()
    {
        await using var host = await ChatHost.StartAsync();
        var (anna, ben, carla) = (new UserId("anna"), new UserId("ben"), new UserId("carla"));
        var group = (await host.Chat.CreateGroupAsync(new CreateGroup { By = anna, Title = "Trip", Members = [ben] }, Stop)).Value.Conversation;

        async Task<ChatErrorCode?> TryAsync(UserId by, MembershipAction action, ConversationId conversation, params UserId[] users) =>
            (await host.Chat.ChangeMembersAsync(new ChangeMembers { By = by, Conversation = conversation, Action = action, Users = users }, Stop)).Error?.Code;

        Assert.Equal(ChatErrorCode.Forbidden, await TryAsync(ben, MembershipAction.Added, group, carla));
        Assert.Equal(ChatErrorCode.Forbidden, await TryAsync(ben, MembershipAction.Removed, group, anna));
        Assert.Equal(ChatErrorCode.NotMember, await TryAsync(carla, MembershipAction.Added, group, carla));
        Assert.Equal(ChatErrorCode.Invalid, await TryAsync(anna, MembershipAction.Added, group, ben));
        Assert.Equal(ChatErrorCode.NotFound, await TryAsync(anna, MembershipAction.Removed, group, carla));
        var direct = (await host.Chat.SendAsync(SendMessage.Direct(anna, ben, "hi"), Stop)).Value.Conversation;
        Assert.Equal(ChatErrorCode.Invalid, await TryAsync(anna, MembershipAction.Added, direct, carla));
        Assert.Null(await TryAsync(ben, MembershipAction.Left, group));
        Assert.Equal(ChatErrorCode.NotMember, await TryAsync(ben, MembershipAction.Left, group));
    }

    [Fact]
    public async Task A_retry_finds_its_first_result_whatever_changed_since()
    {
        await using var host = await ChatHost.StartAsync();
        var (anna, ben) = (new UserId("anna"), new UserId("ben"));
        var create = new CreateGroup { By = anna, Title = "Trip", Members = [ben], Command = new CommandId("c") };
        var first = (await host.Chat.CreateGroupAsync(create, Stop)).Value;
        var second = (await host.Chat.CreateGroupAsync(create, Stop)).Value;
        Assert.Equal((first.Conversation, first.Seq, true), (second.Conversation, second.Seq, second.Duplicate));

        var message = SendMessage.Text(ben, first.Conversation, "bye") with { Command = new CommandId("m") };
        var sent = (await host.Chat.SendAsync(message, Stop)).Value;
        var leave = new ChangeMembers { By = ben, Conversation = first.Conversation, Action = MembershipAction.Left, Command = new CommandId("l") };
        var left = (await host.Chat.ChangeMembersAsync(leave, Stop)).Value;

        // Ben is no member any more, yet his retries are answered as the first time (rule 5).
        Assert.Equal(left.Seq, (await host.Chat.ChangeMembersAsync(leave, Stop)).Value.Seq);
        Assert.Equal(sent.Seq, (await host.Chat.SendAsync(message, Stop)).Value.Seq);
        Assert.Equal(ChatErrorCode.NotMember, (await host.Chat.SendAsync(message with { Command = new CommandId("n") }, Stop)).Error?.Code);
    }

    [Fact]
    public async Task Members_change_while_everybody_writes()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await Person.ConnectAsync(host, "anna");
        await using var ben = await Person.ConnectAsync(host, "ben");
        await using var carla = await host.ConnectAsync("carla");
        var group = await anna.Client.CreateGroupAsync("Busy", [ben.Id], cancellationToken: Stop);

        async Task WriteAsync(Person person)
        {
            var conversation = person.Client.Conversation(group.Id!.Value);
            for (var i = 0; i < 100; i++)
            {
                await Person.SendToAsync(conversation, $"{person.Name} {i}");
            }
        }

        async Task ChangeAsync()
        {
            for (var i = 0; i < 10; i++)
            {
                await group.AddMembersAsync([new UserId("carla")], Stop);
                await group.RemoveMembersAsync([new UserId("carla")], Stop);
            }

            await group.AddMembersAsync([new UserId("carla")], Stop);
        }

        await Task.WhenAll(WriteAsync(anna), WriteAsync(ben), ChangeAsync());
        await Person.SendToAsync(group, "end");
        await carla.FramesAsync(new CommandFrame { T = CommandTags.Activity });

        // Carla's stream has no hole and shows exactly what lies in her intervals (rules 2 and 7).
        var position = 0L;
        var joined = false;
        while (true)
        {
            var frame = await carla.NextAsync(one => one.T is EventTags.Entry or EventTags.Skip);
            if (frame.T == EventTags.Skip)
            {
                Assert.False(joined);
                Assert.True(position == 0 || frame.Seq == position + 1);
                position = frame.To!.Value;
                continue;
            }

            var entry = frame.Entry!;
            Assert.True(position == 0 || entry.Seq == position + 1, $"{entry.Seq} after {position}");
            position = entry.Seq;
            if (entry.Change?.Users.Contains("carla") == true)
            {
                joined = entry.Change.Action == "added";
            }
            else
            {
                Assert.True(joined);
            }

            if (entry.Text == "end")
            {
                break;
            }
        }
    }

    [Fact]
    public async Task A_group_never_loses_its_last_owner()
    {
        await using var host = await ChatHost.StartAsync();
        await using var anna = await host.ConnectAsync("anna");
        await using var watcher = await host.ConnectAsync("zoe");
        var group = (await anna.AskAsync(new CommandFrame { T = CommandTags.CreateGroup, Title = "Trip", Users = ["zoe", "ben"] })).Conversation!;
        await anna.AskAsync(new CommandFrame { T = CommandTags.AddMembers, Conversation = group, Users = ["aaron"] });
        await watcher.FramesAsync(new CommandFrame { T = CommandTags.Activity });

        // Nobody is admin; ben and zoe are members for the same time and longer than aaron.
        var left = await anna.AskAsync(new CommandFrame { T = CommandTags.Leave, Id = "bye", Conversation = group });
        Assert.Equal((EventTags.Accepted, 4L), (left.T, left.Seq));
        var promoted = (await watcher.NextAsync(e => e.Entry?.Seq == 3)).Entry!;
        Assert.Equal(("roleChanged", "owner", "anna"), (promoted.Change!.Action, promoted.Change.Role, promoted.From));
        Assert.Equal(["ben"], promoted.Change.Users);
        Assert.Equal("left", (await watcher.NextAsync(e => e.Entry?.Seq == 4)).Entry!.Change!.Action);
        var details = (await watcher.AskAsync(new CommandFrame { T = CommandTags.Conversation, Conversation = group })).Details!;
        Assert.Equal(["aaron member", "ben owner", "zoe member"], details.Members!.Select(member => $"{member.User} {member.Role}"));

        // The retry of the departure is the same departure.
        var again = await anna.AskAsync(new CommandFrame { T = CommandTags.Leave, Id = "bye", Conversation = group });
        Assert.Equal((4L, true), (again.Seq, again.Duplicate));

        // One of two owners leaves without ado, a member too; and the last of all leaves a group of nobody.
        await using var ben = await host.ConnectAsync("ben");
        Assert.Equal(5, (await watcher.AskAsync(new CommandFrame { T = CommandTags.Leave, Conversation = group })).Seq);
        Assert.Equal(7, (await ben.AskAsync(new CommandFrame { T = CommandTags.Leave, Conversation = group })).Seq); // aaron became owner at 6
        await using var aaron = await host.ConnectAsync("aaron");
        Assert.Equal(8, (await aaron.AskAsync(new CommandFrame { T = CommandTags.Leave, Conversation = group })).Seq);
    }
}
