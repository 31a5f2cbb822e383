using ChatKit.Wire;

namespace ChatKit.Testing;

/// <summary>Goes once through the record of a device: what came follows from what was there, on every connection (rules 2, 5, 6, 8).</summary>
internal sealed class WireCheck
{
    private readonly List<Finding> findings;
    private readonly string device;
    private readonly Dictionary<int, Dictionary<string, long>> positions = [];
    private readonly Dictionary<int, IReadOnlyList<WireCursor>> stated = [];
    private readonly Dictionary<string, CommandFrame> commands = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Last, int Times)> transmissions = new(StringComparer.Ordinal);
    private Dictionary<string, long>? listing;
    private bool listed;
    private string? incarnation;

    public WireCheck(DeviceRecord record, IReadOnlyList<RecordLine> lines, List<Finding> findings)
    {
        this.findings = findings;
        device = RunModel.NameOf(record);
        foreach (var line in lines)
        {
            Take(line);
        }
    }

    /// <summary>What the device got, by conversation, since it last began anew.</summary>
    public Dictionary<string, DeviceLog> Logs { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>The commands that write the log in the order of their first transmission.</summary>
    public List<CommandFrame> Sent { get; } = [];

    /// <summary>The messages in the order in which they were put into the outbox.</summary>
    public List<string> Pending { get; } = [];

    /// <summary>Where commands were accepted.</summary>
    public Dictionary<string, (string Conversation, long Seq)> Accepted { get; } = new(StringComparer.Ordinal);

    /// <summary>Commands with an answer for good.</summary>
    public HashSet<string> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages the app was told the end of.</summary>
    public HashSet<string> Answered { get; } = new(StringComparer.Ordinal);

    /// <summary>Messages the app took back: on a connection that ended before the answer nobody owes it one any more.</summary>
    public HashSet<string> Withdrawn { get; } = new(StringComparer.Ordinal);

    /// <summary>The last position the user marked as read.</summary>
    public Dictionary<string, long> Read { get; } = new(StringComparer.Ordinal);

    public string? State { get; private set; }

    /// <summary>From which position on the device had to get everything; null when the record does not tell.</summary>
    public long? StartOf(string conversation)
    {
        var first = Logs.GetValueOrDefault(conversation)?.First;
        if (!listed)
        {
            return first;
        }

        var start = listing!.TryGetValue(conversation, out var last) ? last + 1 : 1;
        return Math.Min(start, first ?? start);
    }

    /// <summary>Whether it was sent on more than one connection: the answer to an earlier try may have been lost.</summary>
    public bool WasSentAgain(string id) => transmissions.TryGetValue(id, out var seen) && seen.Times > 1;

    private void Take(RecordLine line)
    {
        switch (line.Kind)
        {
            case RecordKind.Hello:
                stated[line.Connection] = line.Hello?.Cursors ?? [];
                break;
            case RecordKind.Welcome when line.Welcome is { Code: null } welcome:
                Welcome(line, welcome);
                break;
            case RecordKind.Command when line.Command is { } command:
                Command(command, line.Connection);
                break;
            case RecordKind.Event when line.Event is { } happened:
                Event(line, happened);
                break;
            case RecordKind.State:
                State = line.Code;
                break;
            default:
                App(line);
                break;
        }
    }

    private void Welcome(RecordLine line, HelloReply welcome)
    {
        positions[line.Connection] = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!welcome.Reset)
        {
            return;
        }

        if (incarnation is not null && incarnation == welcome.Incarnation)
        {
            findings.Add(new Finding(FindingKind.Connection, device, null, null, "told to begin anew although the store is the same and knew the device"));
        }

        incarnation = welcome.Incarnation;
        Logs = new Dictionary<string, DeviceLog>(StringComparer.Ordinal);
        listing = null;
        listed = false;
    }

    private void Command(CommandFrame command, int connection)
    {
        if (command.Id is { } transmitted && (!transmissions.TryGetValue(transmitted, out var seen) || seen.Last != connection))
        {
            transmissions[transmitted] = (connection, seen.Times + 1);
        }

        if (command.Id is { } id && commands.TryAdd(id, command) && IsWrite(command.T))
        {
            Sent.Add(command);
        }

        if (command.T == CommandTags.Ack)
        {
            foreach (var cursor in command.Cursors ?? [])
            {
                var log = LogOf(cursor.Conversation);
                log.Acked = Math.Max(log.Acked, cursor.Seq);
            }
        }
        else if (command is { T: CommandTags.Read, Conversation: { } conversation, Seq: { } seq })
        {
            Read[conversation] = Math.Max(seq, Read.GetValueOrDefault(conversation));
        }
        else if (command is { T: CommandTags.Withdraw, Id: { } withdrawn })
        {
            Refused.Add(withdrawn);
        }
    }

    private void Event(RecordLine line, EventFrame happened)
    {
        switch (happened)
        {
            case { T: EventTags.Entry, Entry: { } entry }:
                Logged(line.Connection, entry.Conversation, entry.Seq, entry.Seq, skip: false);
                break;
            case { T: EventTags.Skip, Conversation: { } conversation, Seq: { } from }:
                Logged(line.Connection, conversation, from, happened.To ?? from, skip: true);
                break;
            case { T: EventTags.Accepted, Id: { } id, Conversation: { } conversation, Seq: { } seq }:
                if (Accepted.TryGetValue(id, out var before) && before != (conversation, seq))
                {
                    findings.Add(new Finding(FindingKind.Doubled, device, conversation, seq, $"command {id} was accepted at {before.Seq} before"));
                }

                Accepted.TryAdd(id, (conversation, seq));
                break;
            case { T: EventTags.Refused, Id: { } id } when !IsTransient(happened.Code):
                Refused.Add(id);
                break;
            case { T: EventTags.Refused, Id: null, Conversation: { } conversation }:
                Read.Remove(conversation); // Of commands without an id only this one is refused for a conversation.
                break;
            case { T: EventTags.Result, Id: { } id, Conversations: { } page } when !listed:
                List(id, page);
                break;
        }
    }

    private void List(string id, WireConversationPage page)
    {
        if (!commands.TryGetValue(id, out var asked))
        {
            return;
        }

        if (asked.Page is null)
        {
            listing = new Dictionary<string, long>(StringComparer.Ordinal);
        }

        if (listing is not null)
        {
            foreach (var one in page.Conversations)
            {
                listing[one.Id] = one.LastSeq;
            }

            listed = page.Next is null;
        }
    }

    private void Logged(int connection, string conversation, long from, long to, bool skip)
    {
        var log = LogOf(conversation);
        var at = positions.TryGetValue(connection, out var known) && known.TryGetValue(conversation, out var position) ? position : (long?)null;
        var restated = stated.GetValueOrDefault(connection)?.FirstOrDefault(cursor => cursor.Conversation == conversation)?.Seq;
        if (at is { } here)
        {
            if (from != here + 1)
            {
                findings.Add(from <= here
                    ? new Finding(FindingKind.Doubled, device, conversation, from, $"came although the connection was at {here}")
                    : new Finding(FindingKind.Gap, device, conversation, from, $"came when the connection was at {here}"));
            }
        }
        else if (restated is { } mine)
        {
            if (from > mine + 1)
            {
                findings.Add(new Finding(FindingKind.Gap, device, conversation, from, $"was the first although the device said it was at {mine}"));
            }
            else if (to <= mine)
            {
                findings.Add(new Finding(FindingKind.CursorMovedBack, device, conversation, from, $"came although the device said it was at {mine}"));
            }
        }

        if (known is not null)
        {
            known[conversation] = Math.Max(to, at ?? 0);
        }

        log.First ??= from;
        if (skip)
        {
            log.Skips.Add((from, to));
        }
        else
        {
            log.Got.Add(from);
        }
    }

    private void App(RecordLine line)
    {
        if (line.Kind == RecordKind.Pending && line.Id is { } pending)
        {
            Pending.Add(pending);
        }
        else if (line.Kind is RecordKind.Accepted or RecordKind.Refused or RecordKind.Withdrawn && line.Id is { } answered)
        {
            Answered.Add(answered);
            if (line.Kind == RecordKind.Withdrawn)
            {
                Withdrawn.Add(answered);
            }
        }

        if (line is not { Conversation: { } conversation, Seq: { } seq })
        {
            return;
        }

        var log = LogOf(conversation);
        if (line.Kind is RecordKind.Shown or RecordKind.Accepted)
        {
            log.Shown[seq] = log.Shown.GetValueOrDefault(seq) + 1;
        }

        if (line.Kind is RecordKind.Shown or RecordKind.Changed or RecordKind.Skipped)
        {
            if (seq <= log.Told)
            {
                findings.Add(new Finding(FindingKind.ShownOutOfOrder, device, conversation, seq, $"the app was told it after {log.Told}"));
            }

            log.Told = Math.Max(log.Told, line.To ?? seq);
        }
    }

    private DeviceLog LogOf(string conversation)
    {
        if (!Logs.TryGetValue(conversation, out var log))
        {
            Logs.Add(conversation, log = new DeviceLog());
        }

        return log;
    }

    private static bool IsTransient(string? code) => ChatErrorCodes.TryParse(code, out var parsed) && parsed.IsTransient();

    private static bool IsWrite(string? tag) => tag is CommandTags.Send or CommandTags.Edit or CommandTags.Delete or CommandTags.CreateGroup
        or CommandTags.AddMembers or CommandTags.RemoveMembers or CommandTags.Leave;
}
