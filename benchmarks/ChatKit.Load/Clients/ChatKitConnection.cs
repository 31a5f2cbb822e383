using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ChatKit.Wire;

namespace ChatKit.Load.Clients;

/// <summary>ChatKit's protocol (docs/protocol.md): Hello, commands in one Frames call a flush, acknowledgement vectors after 64 entries or
/// 100 ms, or with a message after half of that, as the .NET client sends them. Checks that each conversation comes without a gap and nothing twice.</summary>
internal sealed class ChatKitConnection(string user, ITraffic traffic) : LoadConnection(user, traffic)
{
    private const int AckEntries = 64;
    private const int MaxCommands = 256;

    private readonly ByteQueue commands = new();
    private readonly ByteQueue frame = new();
    private readonly Dictionary<string, Log> logs = new(StringComparer.Ordinal);
    private readonly List<Log> unacked = [];
    private readonly byte[] ownName = Encoding.UTF8.GetBytes(user);
    private Log? lastLog;
    private int commandCount;
    private int entries;
    private long firstAt;
    private bool awaitsAck;

    /// <summary>Called with the number of entries and skips that came so far, for who waits for a backlog.</summary>
    public Action<long>? Progress { get; set; }

    private static ReadOnlySpan<byte> EventsPrefix => "{\"type\":1,\"target\":\"events\",\"arguments\":[["u8;

    private long Total { get; set; }

    public override void Send(ReadOnlySpan<byte> target, ReadOnlySpan<byte> id, ReadOnlySpan<byte> text)
    {
        lock (Gate)
        {
            if (entries >= AckEntries / 2 || (entries > 0 && AckTimer.IsHalf(firstAt)))
            {
                Acknowledge();
            }

            Next();
            commands.Append("{\"t\":\"send\",\"id\":\""u8);
            commands.Append(id);
            commands.Append("\",\"conversation\":\""u8);
            commands.Append(target);
            commands.Append("\",\"text\":\""u8);
            commands.Append(text);
            commands.Append("\"}"u8);
            MarkDirty();
        }
    }

    /// <summary>The 100 ms are over, unless a count of entries was acknowledged meanwhile.</summary>
    public void FlushAcks()
    {
        lock (Gate)
        {
            awaitsAck = entries > 0 && !AckTimer.IsDue(firstAt);
            if (awaitsAck)
            {
                AckTimer.OfThread.Add(this, firstAt);
                return;
            }

            Acknowledge();
        }

        Flush();
    }

    protected override void OnConnected() =>
        SendNow("{\"type\":1,\"invocationId\":\"h\",\"target\":\"Hello\",\"arguments\":[{\"versions\":[1],\"device\":\"load\"}]}"u8);

    protected override void Drain(ByteQueue to)
    {
        if (commandCount == 0)
        {
            return;
        }

        frame.Clear();
        frame.Append("{\"type\":1,\"target\":\"Frames\",\"arguments\":[["u8);
        frame.Append(commands.Span);
        frame.Append("]]}"u8);
        AppendFrame(to, frame.Span);
        commands.Clear();
        commandCount = 0;
    }

    protected override void OnRecord(ReadOnlySpan<byte> record)
    {
        // The prefix is what the server writes, byte by byte.
        if (record.StartsWith(EventsPrefix))
        {
            Events(record[EventsPrefix.Length..]);
        }
        else if (record.StartsWith("{\"type\":3"u8))
        {
            if (record.IndexOf("\"version\":1"u8) < 0)
            {
                throw new IOException($"Hello was refused: {Encoding.UTF8.GetString(record)}");
            }

            lock (Gate)
            {
                Next();
                commands.Append("{\"t\":\"ack\",\"cursors\":[]}"u8);
                MarkDirty();
            }

            Ready();
        }
        else
        {
            throw new IOException($"Not understood: {Encoding.UTF8.GetString(record)}");
        }
    }

    /// <param name="events">To the end of the record, from the first event on.</param>
    private void Events(ReadOnlySpan<byte> events)
    {
        // Entries of one conversation that follow each other are noted together.
        var conversation = default(ReadOnlySpan<byte>);
        long first = 0, last = -1;
        while (events is [(byte)'{', ..])
        {
            if (EntryScan.TryRead(events, out var entry))
            {
                if (entry.Seq != last + 1 || !entry.Conversation.SequenceEqual(conversation))
                {
                    Note(conversation, first, last);
                    conversation = entry.Conversation;
                    first = entry.Seq;
                }

                last = entry.Seq;
                Traffic.OnReceived(entry.Id, entry.From.SequenceEqual(ownName));
                events = events[entry.Length..];
            }
            else if (EntryScan.TryReadAccepted(events, out var id, out var length))
            {
                Traffic.OnAccepted(id);
                events = events[length..];
            }
            else if (EntryScan.TrySkipReceipts(events, out length))
            {
                Traffic.OnReceipt();
                events = events[length..];
            }
            else
            {
                Note(conversation, first, last);
                conversation = default;
                last = -1;
                var reader = new Utf8JsonReader(events, isFinalBlock: false, default);
                Event(JsonSerializer.Deserialize(ref reader, WireJson.Default.EventFrame)!);
                events = events[(int)reader.BytesConsumed..];
            }

            if (events is [(byte)',', ..])
            {
                events = events[1..];
            }
        }

        Note(conversation, first, last);
    }

    /// <summary>What is rare, or looks otherwise than usual.</summary>
    private void Event(EventFrame frame)
    {
        switch (frame.T)
        {
            case EventTags.Entry when frame.Entry is { } entry:
                Note(Encoding.UTF8.GetBytes(entry.Conversation), entry.Seq, entry.Seq);
                Traffic.OnReceived(Encoding.UTF8.GetBytes(entry.Id ?? ""), entry.From == User);
                break;
            case EventTags.Accepted:
                Traffic.OnAccepted(Encoding.UTF8.GetBytes(frame.Id ?? ""));
                break;
            case EventTags.Receipts:
                Traffic.OnReceipt();
                break;
            case EventTags.Skip when frame is { Seq: { } from, To: { } to }:
                Note(Encoding.UTF8.GetBytes(frame.Conversation ?? ""), from, to);
                break;
            case EventTags.Refused or EventTags.Goodbye:
                Fail($"{frame.T} {frame.Id}: {frame.Code}");
                break;
        }
    }

    /// <summary>A conversation has come from an entry to an entry; a gap or a repetition fails the run.</summary>
    private void Note(ReadOnlySpan<byte> conversation, long from, long to)
    {
        if (conversation.IsEmpty)
        {
            return;
        }

        lock (Gate)
        {
            var log = Find(conversation);
            if (log.Seq == 0)
            {
                log.Seq = from - 1;
            }

            if (from != log.Seq + 1)
            {
                Fail($"{log.Name}: expected {log.Seq + 1}, got {from}");
                return;
            }

            Total += to - from + 1;
            while (log.Seq < to)
            {
                Take(log, Math.Min(to - from + 1, AckEntries - entries));
                from = log.Seq + 1;
            }
        }

        Progress?.Invoke(Total);
    }

    /// <summary>Acknowledges after <see cref="AckEntries"/>; fewer wait for the timer.</summary>
    private void Take(Log log, long count)
    {
        log.Seq += count;
        if (!log.Waits)
        {
            log.Waits = true;
            unacked.Add(log);
        }

        if (entries == 0)
        {
            firstAt = Stopwatch.GetTimestamp();
        }

        entries += (int)count;
        if (entries >= AckEntries)
        {
            Acknowledge();
            MarkDirty();
        }
        else if (!awaitsAck)
        {
            awaitsAck = true;
            AckTimer.OfThread.Add(this, firstAt);
        }
    }

    private Log Find(ReadOnlySpan<byte> conversation)
    {
        if (lastLog is { } last && conversation.SequenceEqual(last.Utf8))
        {
            return last;
        }

        var name = Encoding.UTF8.GetString(conversation);
        if (!logs.TryGetValue(name, out var log))
        {
            logs.Add(name, log = new Log(name));
        }

        return lastLog = log;
    }

    private void Acknowledge()
    {
        if (unacked.Count == 0)
        {
            return;
        }

        Next();
        commands.Append("{\"t\":\"ack\",\"cursors\":["u8);
        for (var i = 0; i < unacked.Count; i++)
        {
            var log = unacked[i];
            log.Waits = false;
            commands.Append(i == 0 ? "{\"conversation\":\""u8 : ",{\"conversation\":\""u8);
            commands.Append(log.Utf8);
            commands.Append("\",\"seq\":"u8);
            System.Buffers.Text.Utf8Formatter.TryFormat(log.Seq, commands.Reserve(20), out var written);
            commands.Commit(written);
            commands.Append((byte)'}');
        }

        commands.Append("]}"u8);
        unacked.Clear();
        entries = 0;
    }

    private void Next()
    {
        if (commandCount == MaxCommands)
        {
            frame.Clear();
            frame.Append("{\"type\":1,\"target\":\"Frames\",\"arguments\":[["u8);
            frame.Append(commands.Span);
            frame.Append("]]}"u8);
            AppendFrame(frame.Span);
            commands.Clear();
            commandCount = 0;
        }

        if (commandCount++ > 0)
        {
            commands.Append((byte)',');
        }
    }

    private sealed class Log(string name)
    {
        public string Name => name;

        public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(name);

        public long Seq { get; set; }

        public bool Waits { get; set; }
    }
}
