using ChatKit.Wire;

namespace ChatKit.Testing.Tests.Checking;

/// <summary>The checker on hand-made records: content with a good one, and each broken promise is named.</summary>
public sealed class CheckerTests
{
    [Fact]
    public void A_run_without_a_fault_has_no_findings() => Assert.Empty(new Story().Check());

    [Fact]
    public void An_entry_that_never_came_is_lost() =>
        Finds(FindingKind.Lost, 5, static story => story.Bob.RemoveAll(static line => line.Event?.Entry?.Seq == 5));

    [Fact]
    public void A_message_the_app_was_never_shown_is_lost() =>
        Finds(FindingKind.Lost, 3, static story => story.Bob.RemoveAll(static line => line is { Kind: RecordKind.Shown, Seq: 3 }));

    [Fact]
    public void What_was_accepted_and_is_in_no_log_is_lost() =>
        Finds(FindingKind.Lost, 6, static story => Story.BeforeEnd(story.Alice, story.Heard(Story.Accepted("a9", 6))));

    [Fact]
    public void What_was_accepted_and_is_another_entry_is_lost() =>
        Finds(FindingKind.Lost, 4, static story => Story.BeforeEnd(story.Alice, story.Heard(Story.Accepted("a9", 4))));

    [Fact]
    public void What_is_on_no_page_at_the_end_is_lost() => Finds(FindingKind.Lost, 4, static story => Story.Change(story.Alice,
        static e => e.Messages is null ? e : e with { Messages = e.Messages with { Messages = [.. e.Messages.Messages.Where(static m => m.Seq != 4)] } }));

    [Fact]
    public void A_command_that_is_in_the_log_twice_is_doubled() => Finds(FindingKind.Doubled, 6, static story =>
    {
        foreach (var (device, connection) in new[] { (story.Alice, 1), (story.Bob, 2) })
        {
            Story.BeforeEnd(device, story.Heard(Story.EntryEvent(Story.Message(6, "alice", "a2")), connection));
        }
    });

    [Fact]
    public void An_entry_that_comes_twice_on_a_connection_is_doubled() =>
        Finds(FindingKind.Doubled, 5, static story => Story.BeforeEnd(story.Alice, story.Heard(Story.EntryEvent(story.Alice.First(static l => l.Event?.Entry?.Seq == 5).Event!.Entry!))));

    [Fact]
    public void A_message_shown_twice_is_doubled() =>
        Finds(FindingKind.Doubled, 3, static story => Story.BeforeEnd(story.Alice, new RecordLine { Kind = RecordKind.Accepted, Conversation = Story.Group, Seq = 3, Id = "a2" }));

    [Fact]
    public void A_command_accepted_at_two_places_is_doubled() =>
        Finds(FindingKind.Doubled, 4, static story => Story.BeforeEnd(story.Alice, story.Heard(Story.Accepted("a2", 4))));

    [Fact]
    public void A_hole_on_a_connection_is_a_gap() =>
        Finds(FindingKind.Gap, 3, static story => story.Bob.RemoveAll(static line => line.Event?.Entry?.Seq == 2));

    [Fact]
    public void A_connection_that_begins_too_late_is_a_gap() =>
        Finds(FindingKind.Gap, 5, static story => story.Bob.RemoveAll(static line => line.Event?.Entry?.Seq == 4));

    [Fact]
    public void A_connection_that_begins_before_the_stated_cursor_moved_it_back() => Finds(FindingKind.CursorMovedBack, 3, static story =>
    {
        var at = story.Bob.FindIndex(static l => l.Event?.Entry?.Seq == 4);
        story.Bob.Insert(at, story.Heard(Story.EntryEvent(Story.Message(3, "alice", "a2")), 2) with { Order = story.Bob[at - 1].Order });
    });

    [Fact]
    public void A_skip_over_what_is_visible_is_wrong() =>
        Finds(FindingKind.WrongSkip, 3, static story => Story.Change(story.Bob, static e => e.Entry?.Seq == 3 ? Story.Skip(3, 3) : e));

    [Fact]
    public void What_a_stranger_gets_is_not_visible() => Finds(FindingKind.NotVisible, 2, static story =>
    {
        story.Connect(story.Carol, 1, []);
        story.Carol.Add(story.Heard(Story.EntryEvent(Story.Message(2, "alice", "a1"))));
    });

    [Fact]
    public void Who_was_no_member_must_not_write() => Finds(FindingKind.NotMember, 6, static story =>
        Story.BeforeEnd(story.Alice, story.Heard(Story.EntryEvent(Story.Message(6, "carol", "x1")))));

    [Fact]
    public void Who_was_removed_must_not_write() => Finds(FindingKind.NotMember, 7, static story => Story.BeforeEnd(
        story.Alice,
        story.Heard(Story.EntryEvent(Story.Entry(6, "membership", "alice", "a6") with { Change = new WireMembershipChange("removed", ["bob"], null, null) })),
        story.Heard(Story.EntryEvent(Story.Message(7, "bob", "b7")))));

    [Fact]
    public void Commands_in_another_order_than_sent_are_out_of_order() => Finds(FindingKind.OutOfOrder, 2, static story =>
    {
        // As if Alice had sent a2 before a1.
        foreach (var kind in new[] { RecordKind.Command, RecordKind.Pending })
        {
            var first = story.Alice.FindIndex(l => l.Kind == kind && (l.Command?.Id ?? l.Id) == "a1");
            var second = story.Alice.FindIndex(l => l.Kind == kind && (l.Command?.Id ?? l.Id) == "a2");
            (story.Alice[first], story.Alice[second]) = (story.Alice[second] with { Order = story.Alice[first].Order }, story.Alice[first] with { Order = story.Alice[second].Order });
        }
    });

    [Fact]
    public void A_change_of_members_that_was_sent_again_may_come_behind_a_later_command()
    {
        // Its refusal was lost with the connection; meanwhile the later command was stored, and now it is allowed.
        var story = new Story();
        AddAgain(story, connections: [1, 2]);
        Assert.DoesNotContain(story.Check(), static finding => finding.Kind == FindingKind.OutOfOrder);

        story = new Story();
        AddAgain(story, connections: [1]);
        Assert.Contains(story.Check(), static finding => finding is { Kind: FindingKind.OutOfOrder, Seq: 5 });

        static void AddAgain(Story story, int[] connections)
        {
            var at = story.Alice.FindIndex(static l => l.Command?.Id == "a3");
            var add = new CommandFrame { T = CommandTags.AddMembers, Id = "a2b", Conversation = Story.Group, Users = ["carla"] };
            story.Alice.InsertRange(at, connections.Select(connection => new RecordLine { Kind = RecordKind.Command, Connection = connection, Command = add, Order = story.Alice[at - 1].Order }));
            Story.BeforeEnd(story.Alice, story.Heard(Story.Accepted("a2b", 6)),
                story.Heard(Story.EntryEvent(Story.Entry(6, "membership", "alice", "a2b") with { Change = new WireMembershipChange("added", ["carla"], null, null) })));
        }
    }

    [Fact]
    public void Entries_told_in_another_order_than_the_log_are_found() => Finds(FindingKind.ShownOutOfOrder, 2, static story =>
        Story.BeforeEnd(story.Bob, new RecordLine { Kind = RecordKind.Changed, Conversation = Story.Group, Seq = 2 }));

    [Fact]
    public void Two_devices_with_different_entries_at_a_place_are_split() =>
        Finds(FindingKind.Split, 3, static story => Story.Change(story.Bob, static e => e.Entry?.Seq == 3 ? e with { Entry = e.Entry with { Id = "other" } } : e));

    [Fact]
    public void An_entry_whose_text_differs_is_split() =>
        Finds(FindingKind.Split, 3, static story => Story.Change(story.Bob, static e => e.Entry?.Seq == 3 ? e with { Entry = e.Entry with { Text = "other" } } : e));

    [Fact]
    public void Read_ahead_of_delivered_is_crossed() =>
        Finds(FindingKind.MarksCrossed, 3, static story => Story.BeforeEnd(story.Alice, story.Heard(Story.Marks(null, new WireReceipt("bob", 2, 3)))));

    [Fact]
    public void Delivered_ahead_of_the_last_is_crossed() =>
        Finds(FindingKind.MarksCrossed, 9, static story => Story.BeforeEnd(story.Alice, story.Heard(Story.Marks(null, new WireReceipt("bob", 9, 3)))));

    [Fact]
    public void A_receipt_once_shown_never_goes_back() =>
        Finds(FindingKind.ReceiptMovedBack, null, static story => Story.BeforeEnd(story.Alice, story.Heard(Story.Marks(null, new WireReceipt("bob", 5, 5)))));

    [Fact]
    public void A_mark_below_what_was_acknowledged_is_lost() => Finds(FindingKind.MarkLost, null, static story => Story.BeforeEnd(
        story.Bob, new RecordLine { Kind = RecordKind.Command, Connection = 2, Command = new CommandFrame { T = CommandTags.Read, Conversation = Story.Group, Seq = 5 } }));

    [Fact]
    public void A_wrong_number_of_unread_entries_is_found() => Finds(FindingKind.WrongUnread, 3, static story => Story.Change(story.Alice,
        static e => e.Conversations is { Conversations: [var one] } ? e with { Conversations = new WireConversationPage([one with { Unread = 2 }], null) } : e));

    [Fact]
    public void A_wrong_number_in_the_cache_is_found() => Finds(FindingKind.WrongUnread, 4, static story =>
        story.Bob[story.Bob.FindIndex(static l => l.Kind == RecordKind.Cache)] = story.Bob.Single(static l => l.Kind == RecordKind.Cache) with { Unread = 7 });

    [Fact]
    public void A_page_without_the_edit_differs() => Finds(FindingKind.StatesDiffer, 2, static story => Story.Change(story.Bob,
        static e => e.Messages is null ? e : e with { Messages = e.Messages with { Messages = [.. e.Messages.Messages.Select(static m => m with { Text = m.Id, Version = null })] } }));

    [Fact]
    public void A_cache_with_another_text_differs() => Finds(FindingKind.StatesDiffer, 3, static story =>
    {
        var at = story.Bob.FindIndex(static l => l.Kind == RecordKind.Cache);
        story.Bob[at] = story.Bob[at] with { Messages = [.. story.Bob[at].Messages!.Select(static m => m.Seq == 3 ? m with { Text = "old" } : m)] };
    });

    [Fact]
    public void Members_that_do_not_follow_from_the_log_differ() => Finds(FindingKind.StatesDiffer, null, static story => Story.Change(story.Alice,
        static e => e.Conversations is { Conversations: [var one] } ? e with { Conversations = new WireConversationPage([one with { Members = [one.Members[0]], MemberCount = 1 }], null) } : e));

    [Fact]
    public void A_message_without_an_answer_is_found() =>
        Finds(FindingKind.Unanswered, null, static story => Story.BeforeEnd(story.Alice, new RecordLine { Kind = RecordKind.Pending, Conversation = Story.Group, Id = "a9" }));

    [Fact]
    public void A_command_without_an_answer_is_found() =>
        Finds(FindingKind.Unanswered, null, static story => Story.BeforeEnd(story.Alice, Sent("a9")));

    /// <summary>The connection may have ended before the server saw it, and a client does not send again what was taken back.</summary>
    [Fact]
    public void A_message_taken_back_while_it_was_on_its_way_needs_no_answer()
    {
        var story = new Story();
        Story.BeforeEnd(story.Alice, Sent("a9"));
        Story.BeforeEnd(story.Alice, new RecordLine { Kind = RecordKind.Withdrawn, Conversation = Story.Group, Id = "a9" });
        Assert.Empty(story.Check());
    }

    [Fact]
    public void A_device_that_is_not_connected_at_the_end_is_found() =>
        Finds(FindingKind.Connection, null, static story => Story.BeforeEnd(story.Bob, new RecordLine { Kind = RecordKind.State, Code = "Reconnecting" }));

    [Fact]
    public void A_device_told_to_begin_anew_without_a_reason_is_found() => Finds(FindingKind.Connection, null, static story =>
    {
        var at = story.Bob.FindLastIndex(static l => l.Kind == RecordKind.Welcome);
        story.Bob[at] = story.Bob[at] with { Welcome = story.Bob[at].Welcome! with { Reset = true } };
    });

    [Fact]
    public async Task Records_in_a_file_are_judged_as_in_memory()
    {
        var story = new Story();
        story.Bob.RemoveAll(static line => line.Event?.Entry?.Seq == 3);
        var records = story.Records();
        await using var text = new StringWriter();
        foreach (var record in records)
        {
            await record.WriteAsync(text, TestContext.Current.CancellationToken);
        }

        using var reader = new StringReader(text.ToString());
        var read = await DeviceRecord.ReadAsync(reader, TestContext.Current.CancellationToken);
        Assert.Equal(records.Select(static r => (r.User, r.Device, r.Lines.Count)), read.Select(static r => (r.User, r.Device, r.Lines.Count)));
        var findings = Checker.Check(read);
        Assert.NotEmpty(findings);
        Assert.Equal(Checker.Check(records), findings);
    }

    private static RecordLine Sent(string id) => new()
    {
        Kind = RecordKind.Command,
        Connection = 1,
        Command = new CommandFrame { T = CommandTags.Send, Id = id, Conversation = Story.Group, Text = id },
    };

    private static void Finds(FindingKind kind, long? seq, Action<Story> spoil)
    {
        var story = new Story();
        spoil(story);
        Assert.Contains(story.Check(), finding => finding.Kind == kind && finding.Seq == seq);
    }
}
