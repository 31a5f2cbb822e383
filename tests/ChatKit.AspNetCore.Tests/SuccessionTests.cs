using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.Groups;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests;

/// <summary>The last owner's departure when an earlier try of it was cut short (rules 5 to 7).</summary>
public sealed class SuccessionTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_heir_who_left_and_came_back_is_made_owner_again_and_later_commands_stay_behind()
    {
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromMilliseconds(100));
        var group = (await host.Chat.CreateGroupAsync(new CreateGroup { By = Anna, Title = "Trip", Members = [Ben], Command = CommandId.New() }, Stop)).Value.Conversation;
        var leave = new CommandId("leave");

        // The host died between the entry that made Ben an owner and the departure itself.
        var departure = new AppendRequest
        {
            Conversation = group,
            Sender = Anna,
            Command = leave,
            PayloadHash = 1,
            MembershipVersion = 1,
            Header = new EntryHeader { Kind = EntryKind.Membership, ContentType = MembershipChange.ContentType },
        };
        var store = host.App.Services.GetRequiredService<IMessageStore>();
        Assert.Equal(AppendOutcome.Appended, (await store.AppendAsync([Succession.Entry(departure, Ben, 1)], Stop))[0].Outcome);
        Assert.True((await ChangeAsync(host, group, Ben, MembershipAction.Left)).IsSuccess);
        Assert.True((await ChangeAsync(host, group, Anna, MembershipAction.Added, Ben)).IsSuccess);

        await using var anna = await host.ConnectAsync("anna");
        await anna.FramesAsync(
            new CommandFrame { T = CommandTags.Leave, Id = leave.Value, Conversation = group.Value },
            new CommandFrame { T = CommandTags.Send, Id = "later", Conversation = group.Value, Text = "too late" });
        await anna.NextAsync(frame => frame.T == EventTags.Accepted && frame.Id == leave.Value);
        Assert.Equal("not_member", (await anna.NextAsync(frame => frame.T == EventTags.Refused && frame.Id == "later")).Code);
        var members = (await host.Chat.GetConversationAsync(Ben, group, Stop)).Value.Members;
        Assert.Equal((Ben, MemberRole.Owner), (members.Single().User, members.Single().Role));
    }

    private static async Task<ChatResult<SentMessage>> ChangeAsync(ChatHost host, ConversationId group, UserId by, MembershipAction action, params UserId[] users) =>
        await host.Chat.ChangeMembersAsync(new ChangeMembers { By = by, Conversation = group, Action = action, Users = users, Command = CommandId.New() }, Stop);
}
