using ChatKit.Wire;

namespace ChatKit.Testing.Tests.Checking;

/// <summary>A hand-made run without a fault: Alice makes a group with Bob, both write, Bob reconnects, Alice edits, Bob reads. Tests spoil it.</summary>
internal sealed class Story
{
    public const string Group = "g_1";

    private long order;

    public Story()
    {
        WireEntry[] log =
        [
            Entry(1, "membership", "alice", "c1") with { Change = new WireMembershipChange("created", ["bob"], "group", "g") },
            Message(2, "alice", "a1"), Message(3, "alice", "a2"), Message(4, "bob", "b1"),
            Entry(5, "edit", "alice", "a3") with { Text = "new", Target = 2 },
        ];

        Connect(Alice, 1, []);
        Say(Alice, new CommandFrame { T = CommandTags.CreateGroup, Id = "c1", Users = ["bob"] });
        Hear(Alice, Accepted("c1", 1), EntryEvent(log[0]));
        foreach (var (id, seq) in new[] { ("a1", 2), ("a2", 3) })
        {
            Add(Alice, new RecordLine { Kind = RecordKind.Pending, Conversation = Group, Id = id });
            Say(Alice, new CommandFrame { T = CommandTags.Send, Id = id, Conversation = Group, Text = id });
            Hear(Alice, Accepted(id, seq));
            Add(Alice, new RecordLine { Kind = RecordKind.Accepted, Conversation = Group, Seq = seq, Id = id });
        }

        Connect(Bob, 1, []);
        foreach (var entry in log[..3])
        {
            Hear(Alice, entry.Seq == 1 ? null : EntryEvent(entry));
            Hear(Bob, EntryEvent(entry));
            Tell(Bob, entry);
        }

        Say(Bob, new CommandFrame { T = CommandTags.Ack, Cursors = [new WireCursor(Group, 3)] });
        Connect(Bob, 2, [new WireCursor(Group, 3)]);
        Add(Bob, new RecordLine { Kind = RecordKind.Pending, Conversation = Group, Id = "b1" });
        Say(Bob, new CommandFrame { T = CommandTags.Send, Id = "b1", Conversation = Group, Text = "b1" }, 2);
        Add(Bob, new RecordLine { Kind = RecordKind.Event, Connection = 2, Event = Accepted("b1", 4) });
        Add(Bob, new RecordLine { Kind = RecordKind.Accepted, Conversation = Group, Seq = 4, Id = "b1" });
        Add(Bob, new RecordLine { Kind = RecordKind.Event, Connection = 2, Event = EntryEvent(log[3]) });
        Hear(Alice, EntryEvent(log[3]));
        Tell(Alice, log[3]);
        Say(Alice, new CommandFrame { T = CommandTags.Edit, Id = "a3", Conversation = Group, Seq = 2, Text = "new" });
        Hear(Alice, Accepted("a3", 5), EntryEvent(log[4]));
        Tell(Alice, log[4]);
        Add(Bob, new RecordLine { Kind = RecordKind.Event, Connection = 2, Event = EntryEvent(log[4]) });
        Tell(Bob, log[4]);
        Hear(Alice, Marks(null, new WireReceipt("bob", 4, 4)));
        Finish(Alice, 1, new WireReceipt("alice", 5, 3), unread: 1);
        Finish(Bob, 2, new WireReceipt("bob", 5, 4), unread: 0);
    }

    public List<RecordLine> Alice { get; } = [];

    public List<RecordLine> Bob { get; } = [];

    public List<RecordLine> Carol { get; } = [];

    /// <summary>What the checker says.</summary>
    public IReadOnlyList<Finding> Check() => Checker.Check(Records());

    public IReadOnlyList<DeviceRecord> Records()
    {
        List<(string User, List<RecordLine> Lines)> all = [("alice", Alice), ("bob", Bob), ("carol", Carol)];
        var records = new List<DeviceRecord>();
        var lines = new List<(DeviceRecord Record, RecordLine Line)>();
        foreach (var (user, own) in all.Where(static one => one.Lines.Count > 0))
        {
            var record = new DeviceRecord(user, "d0");
            records.Add(record);
            lines.AddRange(own.Select(line => (record, line)));
        }

        foreach (var (record, line) in lines.OrderBy(static one => one.Line.Order))
        {
            record.Add(line);
        }

        return records;
    }

    public static WireEntry Message(long seq, string from, string id) => Entry(seq, "message", from, id) with { Text = id, Counts = true };

    public static WireEntry Entry(long seq, string kind, string from, string id) =>
        new() { Conversation = Group, Seq = seq, At = DateTimeOffset.UnixEpoch, Kind = kind, From = from, Id = id };

    public static EventFrame EntryEvent(WireEntry entry) => new() { T = EventTags.Entry, Entry = entry };

    public static EventFrame Skip(long from, long to) => new() { T = EventTags.Skip, Conversation = Group, Seq = from, To = to };

    public static EventFrame Accepted(string id, long seq) => new() { T = EventTags.Accepted, Id = id, Conversation = Group, Seq = seq };

    public static EventFrame Marks(string? answers, params WireReceipt[] marks) =>
        new() { T = answers is null ? EventTags.Receipts : EventTags.Result, Id = answers, Conversation = Group, Receipts = marks };

    public RecordLine Heard(EventFrame happened, int connection = 1) => new() { Order = ++order, Kind = RecordKind.Event, Connection = connection, Event = happened };

    /// <summary>Puts lines before the final state.</summary>
    public static void BeforeEnd(List<RecordLine> device, params RecordLine[] lines)
    {
        var at = device.FindIndex(static line => line.Kind == RecordKind.Final);
        device.InsertRange(at, lines.Select((line, i) => line with { Order = device[at - 1].Order }));
    }

    /// <summary>Changes the event of each line that has one.</summary>
    public static void Change(List<RecordLine> device, Func<EventFrame, EventFrame> change)
    {
        for (var i = 0; i < device.Count; i++)
        {
            device[i] = device[i].Event is { } happened ? device[i] with { Event = change(happened) } : device[i];
        }
    }

    public void Connect(List<RecordLine> device, int connection, IReadOnlyList<WireCursor> cursors)
    {
        Add(device, new RecordLine { Kind = RecordKind.Hello, Connection = connection, Hello = new HelloRequest { Device = "d0", Cursors = cursors } });
        Add(device, new RecordLine { Kind = RecordKind.Welcome, Connection = connection, Welcome = new HelloReply { Version = 1, Incarnation = "i", Reset = connection == 1 } });
        Add(device, new RecordLine { Kind = RecordKind.State, Code = "Connected" });
        if (connection == 1)
        {
            Say(device, new CommandFrame { T = CommandTags.Conversations, Id = "list" });
            Add(device, Heard(new EventFrame { T = EventTags.Result, Id = "list", Conversations = new WireConversationPage([], null) }));
        }
    }

    private void Finish(List<RecordLine> device, int connection, WireReceipt own, long unread)
    {
        WireEntry[] messages = [Message(2, "alice", "a1") with { Text = "new", Version = 5 }, Message(3, "alice", "a2"), Message(4, "bob", "b1")];
        WireReceipt[] marks = [new WireReceipt("alice", 5, 3), new WireReceipt("bob", 5, 4)];
        Add(device, new RecordLine { Kind = RecordKind.Final });
        Add(device, new RecordLine { Kind = RecordKind.Cache, Conversation = Group, Messages = messages, Receipts = marks, Unread = unread });
        var info = new WireConversation
        {
            Id = Group,
            Kind = "group",
            Members = [new WireMember("alice", null, "owner", null), new WireMember("bob", null, "member", null)],
            MemberCount = 2,
            IsMember = true,
            LastSeq = 5,
            LastActivity = DateTimeOffset.UnixEpoch,
            Delivered = own.Delivered,
            Read = own.Read,
            Unread = unread,
        };
        Say(device, new CommandFrame { T = CommandTags.Conversations, Id = "last" }, connection);
        Add(device, Heard(new EventFrame { T = EventTags.Result, Id = "last", Conversations = new WireConversationPage([info], null) }, connection));
        Add(device, Heard(new EventFrame { T = EventTags.Result, Id = "page", Conversation = Group, Messages = new WireMessagePage(messages, 1, 5, 5, false) }, connection));
        Say(device, new CommandFrame { T = CommandTags.Receipts, Id = "marks", Conversation = Group }, connection);
        Add(device, Heard(Marks("marks", marks), connection));
    }

    private void Tell(List<RecordLine> device, WireEntry entry) => Add(device, new RecordLine
    {
        Kind = entry.Kind == "message" ? RecordKind.Shown : RecordKind.Changed,
        Conversation = Group,
        Seq = entry.Seq,
    });

    private void Hear(List<RecordLine> device, params EventFrame?[] events)
    {
        foreach (var happened in events)
        {
            if (happened is not null)
            {
                Add(device, Heard(happened));
            }
        }
    }

    private void Say(List<RecordLine> device, CommandFrame command, int connection = 1) =>
        Add(device, new RecordLine { Kind = RecordKind.Command, Connection = connection, Command = command });

    private void Add(List<RecordLine> device, RecordLine line) => device.Add(line with { Order = ++order });
}
