using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.InMemory;
using ChatKit.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>What a host that died left undone is done by the next, and devices that come back miss nothing. Each was found by the fault run (docs/testing.md).</summary>
public class RecoveryTests
{
    private static readonly UserId Anna = new("anna");
    private static readonly UserId Ben = new("ben");
    private static readonly CommandFrame Nothing = new() { T = CommandTags.Activity };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_edited_while_somebody_was_away_comes_as_written_and_the_edit_follows()
    {
        // Rule 13: with the edit's version on the old body, a client would take the edit for known.
        await using var host = await ChatHost.StartAsync();
        await using (await host.ConnectAsync("ben", "raw"))
        await using (await Person.ConnectAsync(host, "ben"))
        {
            // His devices are known from here on.
        }

        var sent = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "old"), Stop)).Value;
        var edit = (await host.Chat.EditAsync(new EditMessage { From = Anna, Conversation = sent.Conversation, Seq = sent.Seq, Body = "new"u8.ToArray(), ContentType = "text/plain", Command = CommandId.New() }, Stop)).Value;

        await using var raw = await host.ConnectAsync("ben", "raw");
        await raw.FramesAsync(Nothing);
        var first = (await raw.NextAsync(frame => frame.Entry?.Seq == sent.Seq)).Entry!;
        Assert.Equal(("old", null), (first.Text, first.Version));
        Assert.Equal("new", (await raw.NextAsync(frame => frame.Entry?.Seq == edit.Seq)).Entry!.Text);

        await using var ben = await Person.ConnectAsync(host, "ben");
        await ben.EventuallyAsync(() => ben.Client.Direct("anna").CachedMessages is [{ Text: "new" }]);
    }

    [Fact]
    public async Task A_message_deleted_before_it_came_is_not_unread()
    {
        // Rule 3: undeleted entries count.
        await using var host = await ChatHost.StartAsync();
        await using (await Person.ConnectAsync(host, "ben"))
        {
            // His device is known from here on.
        }

        var gone = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "gone"), Stop)).Value;
        await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "kept"), Stop);
        await host.Chat.DeleteAsync(new DeleteMessage { From = Anna, Conversation = gone.Conversation, Seq = gone.Seq, Command = CommandId.New() }, Stop);

        await using var ben = await Person.ConnectAsync(host, "ben");
        await ben.SeesAsync<ChatKit.Client.MessageDeleted>(deleted => deleted.Seq == gone.Seq);
        Assert.Equal(1, ben.Client.Conversation(gone.Conversation).CachedUnread);
    }

    [Fact]
    public async Task The_own_read_mark_of_a_message_outlives_the_host_that_stored_it()
    {
        // Rules 3 and 10: it died between the commit and the flush of the mark; here it only ever did the commit.
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromMilliseconds(100));
        var (conversation, seq) = await StoreAsADeadHostAsync(host);

        await Eventually.TrueAsync(async () => (await host.Chat.GetReceiptsAsync(Anna, conversation, Stop)).Value.Single(mark => mark.User == Anna).Read == seq);
    }

    [Fact]
    public async Task The_own_read_mark_of_a_message_outlives_its_host_although_another_host_stored_later_ones()
    {
        // Rules 3 and 10: the hint of a later entry, handled before the feed's reader looks, says nothing about what the dead host stored.
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromSeconds(2));
        var (conversation, seq) = await StoreAsADeadHostAsync(host);
        Assert.True((await host.Chat.SendAsync(SendMessage.Direct(Ben, Anna, "later"), Stop)).Value.Seq > seq);

        await Eventually.TrueAsync(async () => (await host.Chat.GetReceiptsAsync(Anna, conversation, Stop)).Value.Single(mark => mark.User == Anna).Read == seq);
    }

    [Fact]
    public async Task The_own_read_mark_comes_with_a_retry_too()
    {
        // Rules 3 and 5: the first try's host died before the mark was stored; the feed's reader comes too late to help.
        var marks = new TroubledReceipts();
        await using var host = await ChatHost.StartAsync(options =>
        {
            options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromSeconds(10);
            options.Build = builder => marks.Wrap(builder.Services);
        });
        marks.Forgets = true;
        var message = SendMessage.Direct(Anna, Ben, "once") with { Command = new CommandId("same") };
        var sent = (await host.Chat.SendAsync(message, Stop)).Value;
        await Eventually.TrueAsync(() => marks.Forgotten > 0);
        marks.Forgets = false;
        Assert.True((await host.Chat.SendAsync(message, Stop)).Value.Duplicate);

        await Eventually.TrueAsync(async () => (await host.Chat.GetReceiptsAsync(Ben, sent.Conversation, Stop)).Value.Single(mark => mark.User == Anna).Read == sent.Seq);
    }

    [Fact]
    public async Task No_device_cursor_is_stored_before_the_mark_of_its_user()
    {
        // Rule 8: a host that dies between the two leaves a cursor that the device restates in vain, and a mark that stays behind.
        var marks = new TroubledReceipts { Fails = true };
        await using var host = await ChatHost.StartAsync(options => options.Build = builder => marks.Wrap(builder.Services));
        await using var ben = await host.ConnectAsync("ben");
        await ben.FramesAsync(Nothing);
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(Anna, Ben, "hi"), Stop)).Value;
        await ben.NextAsync(frame => frame.Entry?.Seq == sent.Seq);
        await ben.FramesAsync(new CommandFrame { T = CommandTags.Ack, Cursors = [new WireCursor(sent.Conversation.Value, sent.Seq)] });
        await ben.AskAsync(new CommandFrame { T = CommandTags.Conversations });
        var failed = marks.Forgotten;
        await Eventually.TrueAsync(() => marks.Forgotten > failed + 1); // a whole flush with the acknowledgement has failed
        var relay = host.App.Services.GetRequiredService<IRelayQueue>();
        var device = new DeviceId(Ben, "phone");
        Assert.Empty((await relay.GetCursorsAsync(device, Stop)).Where(cursor => cursor.Delivered >= sent.Seq));

        marks.Fails = false;
        await Eventually.TrueAsync(async () => (await relay.GetCursorsAsync(device, Stop)).Any(cursor => cursor.Delivered >= sent.Seq));
        Assert.Equal(sent.Seq, (await host.Chat.GetReceiptsAsync(Anna, sent.Conversation, Stop)).Value.Single(mark => mark.User == Ben).Delivered);
    }

    [Fact]
    public async Task Who_was_removed_by_an_entry_nobody_told_of_still_gets_it()
    {
        // Rules 7 and 10: the receivers of an entry are the members at that entry, the removed one among them.
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromMilliseconds(100));
        await using var ben = await host.ConnectAsync("ben");
        await ben.FramesAsync(Nothing);
        var group = await GroupAsync(host);
        await ben.NextAsync(frame => frame.Entry?.Seq == 1);
        Backplane(host).Drop = (_, message) => message is EntriesAppended;
        var removed = await ChangeAsync(host, group, MembershipAction.Removed);

        Assert.Equal("removed", (await ben.NextAsync(frame => frame.Entry?.Seq == removed)).Entry!.Change!.Action);
    }

    [Fact]
    public async Task A_device_without_a_cursor_starts_at_the_first_joining()
    {
        // Rule 8: a lost cursor costs a redelivery, never a loss, also of the time before he was removed and added again.
        await using var host = await ChatHost.StartAsync();
        await using (await host.ConnectAsync("ben"))
        {
            // His device is known from here on.
        }

        var group = await GroupAsync(host);
        await host.Chat.SendAsync(SendMessage.Text(Anna, group, "before"), Stop);
        var removed = await ChangeAsync(host, group, MembershipAction.Removed);
        await host.Chat.SendAsync(SendMessage.Text(Anna, group, "not for Ben"), Stop);
        var added = await ChangeAsync(host, group, MembershipAction.Added);

        await using var again = await host.ConnectAsync("ben");
        await again.FramesAsync(Nothing);
        for (var seq = 1; seq <= removed; seq++)
        {
            Assert.Equal(seq, (await again.NextAsync(frame => frame.T is EventTags.Entry or EventTags.Skip)).Entry?.Seq);
        }

        var skip = await again.NextAsync(frame => frame.T is EventTags.Entry or EventTags.Skip);
        Assert.Equal((EventTags.Skip, removed + 1, added - 1), (skip.T, skip.Seq!.Value, skip.To!.Value));
        Assert.Equal(added, (await again.NextAsync(frame => frame.T == EventTags.Entry)).Entry!.Seq);
    }

    [Fact]
    public async Task A_hint_of_joining_that_is_older_than_the_members_starts_there()
    {
        // Rules 2 and 11: hints are late; when the first arrives he has left and joined again.
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromSeconds(10));
        await using var ben = await host.ConnectAsync("ben");
        await ben.FramesAsync(Nothing);
        Backplane(host).Drop = (_, message) => message is EntriesAppended;
        var group = await GroupAsync(host);
        await host.Chat.SendAsync(SendMessage.Text(Anna, group, "before"), Stop);
        await ChangeAsync(host, group, MembershipAction.Removed);
        await ChangeAsync(host, group, MembershipAction.Added);
        Backplane(host).Drop = null;
        await Backplane(host).PublishAsync([new EntriesAppended(group, 1, 1, 1, Entries: null)], Stop);

        Assert.Equal(1, (await ben.NextAsync(frame => frame.T is EventTags.Entry or EventTags.Skip)).Entry?.Seq);
    }

    [Fact]
    public async Task A_refusal_by_members_of_the_past_is_judged_anew()
    {
        // Rule 7: another host has added Carla; this one has not heard of it.
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromSeconds(10));
        var group = await GroupAsync(host);
        var carla = new UserId("carla");
        Assert.Equal(ChatErrorCode.NotMember, (await host.Chat.SendAsync(SendMessage.Text(carla, group, "not yet"), Stop)).Error!.Code);
        var store = host.App.Services.GetRequiredService<IMessageStore>();
        var change = new MembershipChange { Action = MembershipAction.Added, Members = [new MemberChange("carla")] };
        Assert.Equal(AppendOutcome.Appended, (await store.AppendAsync([ChangeOf(group, change, version: 1)], Stop))[0].Outcome);

        Assert.True((await host.Chat.SendAsync(SendMessage.Text(carla, group, "hello"), Stop)).IsSuccess);
    }

    [Fact]
    public async Task A_position_stated_where_the_directory_lags_counts()
    {
        // Rules 7 and 8: the host died between the group's first entry and the directory.
        await using var host = await ChatHost.StartAsync(options => options.Chat = chat => chat.RecoveryInterval = TimeSpan.FromSeconds(10));
        await using (await host.ConnectAsync("ben"))
        {
            // His device is known from here on.
        }

        var group = new ConversationId("g_lag");
        var change = new MembershipChange
        {
            Action = MembershipAction.Created,
            Kind = ConversationKind.Group,
            Title = "Trip",
            Members = [new MemberChange("anna", MemberRole.Owner), new MemberChange("ben")],
        };
        await host.App.Services.GetRequiredService<IMessageStore>().AppendAsync([ChangeOf(group, change, version: 0)], Stop);
        await using var ben = await HubClient.StartAsync(host.Hub("ben").Build());
        await ben.HelloAsync(new HelloRequest { Versions = [1], Device = "phone", Cursors = [new WireCursor(group.Value, 1)] });
        await ben.FramesAsync(Nothing);
        Assert.True((await host.Chat.SendAsync(SendMessage.Text(Anna, group, "second"), Stop)).IsSuccess);

        Assert.Equal("second", (await ben.NextAsync(frame => frame.T is EventTags.Entry or EventTags.Skip)).Entry?.Text);
    }

    private static AppendRequest ChangeOf(ConversationId conversation, MembershipChange change, long version) => new()
    {
        Conversation = conversation,
        Sender = Anna,
        Command = CommandId.New(),
        PayloadHash = 1,
        Header = new EntryHeader { Kind = EntryKind.Membership, ContentType = MembershipChange.ContentType },
        Body = change.ToBody(),
        MembershipVersion = version,
    };

    private static async Task<ConversationId> GroupAsync(ChatHost host) =>
        (await host.Chat.CreateGroupAsync(new CreateGroup { By = Anna, Title = "Trip", Members = [Ben], Command = CommandId.New() }, Stop)).Value.Conversation;

    private static async Task<long> ChangeAsync(ChatHost host, ConversationId group, MembershipAction action) =>
        (await host.Chat.ChangeMembersAsync(new ChangeMembers { By = Anna, Conversation = group, Action = action, Users = [Ben], Command = CommandId.New() }, Stop)).Value.Seq;

    /// <summary>A message of Anna's that was committed, and nothing after that.</summary>
    private static async Task<(ConversationId Conversation, long Seq)> StoreAsADeadHostAsync(ChatHost host)
    {
        var sent = (await host.Chat.SendAsync(SendMessage.Direct(Ben, Anna, "first"), Stop)).Value;
        var store = host.App.Services.GetRequiredService<IMessageStore>();
        var result = (await store.AppendAsync([MessageOf(sent.Conversation, Anna)], Stop))[0];
        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        return (sent.Conversation, result.Seq);
    }

    private static AppendRequest MessageOf(ConversationId conversation, UserId sender) => new()
    {
        Conversation = conversation,
        Sender = sender,
        Command = CommandId.New(),
        PayloadHash = 1,
        Header = new EntryHeader { Kind = EntryKind.Message, ContentType = "text/plain", Counts = true },
        Body = "orphan"u8.ToArray(),
        MembershipVersion = 1,
    };

    private static InMemoryBackplane Backplane(ChatHost host) => (InMemoryBackplane)host.App.Services.GetRequiredService<IBackplane>();
}
