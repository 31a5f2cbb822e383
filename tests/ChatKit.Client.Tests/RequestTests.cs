using ChatKit.Client.Tests.Fakes;
using ChatKit.Wire;

namespace ChatKit.Client.Tests;

public sealed class RequestTests
{
    private static readonly ConversationId Group = new("g_1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static WireConversation Direct(string id) => new()
    {
        Id = id,
        Kind = "direct",
        Members = [new WireMember("ann", "Ann", "member", null), new WireMember("bob", "Bob", "owner", "p")],
        MemberCount = 2,
        IsMember = true,
        LastSeq = 9,
        LastActivity = Say.At,
        Delivered = 8,
        Read = 7,
        Unread = 2,
        LastMessage = Say.Message(id, 9).Entry,
    };

    [Fact]
    public async Task Questions_get_their_answers()
    {
        await using var server = await FakeServer.StartAsync();
        server.Answer = c => c switch
        {
            { T: CommandTags.Messages } => [new EventFrame { T = EventTags.Result, Id = c.Id, Messages = new WireMessagePage([Say.Message("d_1", 4).Entry!], 3, 4, 9, true) }],
            { T: CommandTags.Conversations } => [new EventFrame { T = EventTags.Result, Id = c.Id, Conversations = new WireConversationPage([Direct("d_1")], "next") }],
            { T: CommandTags.Conversation } => [new EventFrame { T = EventTags.Result, Id = c.Id, Details = Direct("d_1") }],
            { T: CommandTags.Receipts, Seq: not null } => [new EventFrame { T = EventTags.Result, Id = c.Id, MessageReceipts = new WireMessageReceipts(3, ["bob", "eve"], ["bob"]) }],
            { T: CommandTags.Receipts } => [new EventFrame { T = EventTags.Result, Id = c.Id, Receipts = [new WireReceipt("bob", 4, 2)] }],
            { T: CommandTags.Watch } => [new EventFrame { T = EventTags.Result, Id = c.Id, Presence = [new WirePresence("bob", "online", null)] }],
            _ => [],
        };
        await using var chat = new ChatClient(server.Options());
        await chat.StartAsync(Cancelled);

        var page = await chat.Direct("bob").GetMessagesAsync(new HistoryQuery { Before = 5, Screen = new ScreenSize(390, 844) }, Cancelled);
        Assert.Equal((4, 3, 4, 9, true), (page.Messages.Single().Seq, page.From, page.To, page.AsOf, page.HasMore));
        var asked = await server.NextAsync(CommandTags.Messages);
        Assert.Equal(("bob", 5, "390x844"), (asked.To, asked.Before, asked.ScreenSize));
        Assert.Equal("d_1", chat.Direct("bob").Id!.Value.Value);

        var list = await chat.GetConversationsAsync("p", 3, Cancelled);
        Assert.Equal("next", list.Next);
        Assert.Equal((2, MemberRole.Owner), (list.Conversations.Single().Unread, list.Conversations.Single().Members[1].Role));
        Assert.Equal(2, chat.Direct("bob").CachedUnread);
        Assert.Equal("Bob", (await chat.GetConversationAsync(new ConversationId("d_1"), Cancelled)).Members[1].Name);
        Assert.Equal([new Receipt(new ConversationId("d_1"), new UserId("bob"), 4, 2)], await chat.Direct("bob").GetReceiptsAsync(Cancelled));
        var progress = await chat.Direct("bob").GetReceiptsAsync(4, Cancelled);
        Assert.Equal((3, 2, "bob"), (progress.Total, progress.DeliveredTo.Count, progress.ReadBy.Single().Value));
        Assert.Equal(PresenceState.Online, (await chat.WatchPresenceAsync([new UserId("bob")], Cancelled)).Single().State);

        await server.NextAsync(CommandTags.Watch);
        server.Cut();
        Assert.Equal(["bob"], (await server.NextAsync(CommandTags.Watch)).Users!); // watched again by itself
    }

    [Fact]
    public async Task A_refused_an_unanswered_and_a_cut_off_question_fail_with_their_codes()
    {
        var time = new ManualTime();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        await chat.StartAsync(Cancelled);

        var refused = chat.Conversation(Group).GetMessagesAsync(cancellationToken: Cancelled);
        await server.PushAsync(Say.Refused(await server.NextAsync(CommandTags.Messages), "not_member"));
        Assert.Equal(ChatErrorCode.NotMember, (await Assert.ThrowsAsync<ChatClientException>(() => refused)).Code);

        var unanswered = chat.Conversation(Group).GetMessagesAsync(cancellationToken: Cancelled);
        await server.NextAsync(CommandTags.Messages);
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(ChatErrorCode.Unavailable, (await Assert.ThrowsAsync<ChatClientException>(() => unanswered)).Code);

        var cut = chat.Conversation(Group).GetMessagesAsync(cancellationToken: Cancelled);
        await server.NextAsync(CommandTags.Messages);
        server.Cut();
        Assert.Equal(ChatErrorCode.Unavailable, (await Assert.ThrowsAsync<ChatClientException>(() => cut)).Code);

        // Asked without a connection: waits for the next one.
        server.Answer = c => c.T == CommandTags.Conversations
            ? [new EventFrame { T = EventTags.Result, Id = c.Id, Conversations = new WireConversationPage([], null) }] : [];
        var later = chat.GetConversationsAsync(cancellationToken: Cancelled);
        await time.ReconnectAsync(server.Options());
        Assert.Empty((await later.WaitAsync(FakeServer.Patience, Cancelled)).Conversations);
    }

    [Fact]
    public async Task Edits_deletions_and_group_changes_go_through_the_outbox()
    {
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options());
        await using var events = new EventReader(chat);
        var creating = chat.CreateGroupAsync("Team", [new UserId("bob")], GroupHistory.All, Cancelled);
        await chat.StartAsync(Cancelled);
        var create = await server.NextAsync(CommandTags.CreateGroup);
        Assert.Equal(("Team", "bob", "all"), (create.Title, create.Users!.Single(), create.History));
        await server.PushAsync(Say.Accepted(create, "g_7", 1));
        var group = await creating.WaitAsync(FakeServer.Patience, Cancelled);
        Assert.Equal("g_7", group.Id!.Value.Value);

        var edit = group.EditAsync(4, "new", Cancelled);
        var delete = group.DeleteAsync(5, Cancelled);
        var add = group.AddMembersAsync([new UserId("eve")], Cancelled);
        var remove = group.RemoveMembersAsync([new UserId("bob")], Cancelled);
        var leave = group.LeaveAsync(Cancelled);
        var sentEdit = await server.NextAsync(CommandTags.Edit);
        await server.NextAsync(CommandTags.Leave);
        server.Answer = c => [Say.Accepted(c, "g_7", 20)];
        await server.PushAsync(Say.Refused(sentEdit, "target_gone"));
        Assert.Equal(ChatErrorCode.TargetGone, (await Assert.ThrowsAsync<ChatClientException>(() => edit)).Code);
        server.Cut();

        await Task.WhenAll(delete, add, remove, leave).WaitAsync(FakeServer.Patience, Cancelled);
        var tries = server.Received.Where(c => c.T != CommandTags.CreateGroup).ToList();
        Assert.Equal(["edit", "delete", "addMembers", "removeMembers", "leave", "delete", "addMembers", "removeMembers", "leave"], tries.Select(c => c.T));
        Assert.Equal(tries[1..5], tries[5..], (a, b) => a.Id == b.Id && a.Seq == b.Seq);
        Assert.DoesNotContain(events.Seen, e => e is MessagePending);
    }

    [Fact]
    public async Task Read_marks_are_told_again_until_confirmed_and_activity_and_typing_are_throttled()
    {
        var time = new ManualTime();
        await using var server = await FakeServer.StartAsync();
        await using var chat = new ChatClient(server.Options(time));
        await using var events = new EventReader(chat);
        var group = chat.Conversation(Group);
        await group.MarkReadAsync(3, Cancelled); // without a connection
        await chat.StartAsync(Cancelled);
        Assert.Equal(3, (await server.NextAsync(CommandTags.Read)).Seq);
        await group.MarkReadAsync(5, Cancelled);
        await group.MarkReadAsync(4, Cancelled); // behind: nothing to say
        Assert.Equal(5, (await server.NextAsync(CommandTags.Read)).Seq);
        await server.PushAsync(new EventFrame { T = EventTags.Unread, Conversation = "g_1", Seq = 5, Unread = 0 });
        await events.NextAsync<UnreadUpdated>();
        await chat.Conversation(new ConversationId("g_2")).MarkReadAsync(8, Cancelled);
        await server.NextAsync(CommandTags.Read);

        for (var i = 0; i < 5; i++)
        {
            chat.ReportActivity();
            group.ReportTyping();
        }

        group.ReportTyping(false);
        time.Advance(TimeSpan.FromSeconds(30));
        chat.ReportActivity();
        Assert.Equal([true, false], (await server.NextAsync(CommandTags.Typing, 2)).Select(c => c.Typing!.Value));
        await server.NextAsync(CommandTags.Activity);
        Assert.Equal(2, server.Received.Count(c => c.T == CommandTags.Activity));
        server.Cut();
        await time.ReconnectAsync(server.Options());

        var again = await server.NextAsync(CommandTags.Read);
        Assert.Equal(("g_2", 8), (again.Conversation, again.Seq));
    }
}
