using System.Runtime.InteropServices;

namespace ChatKit.InMemory;

/// <summary>One conversation's log in memory. Not thread-safe: <see cref="InMemoryMessageStore"/> holds its lock around every call.</summary>
internal sealed class InMemoryLog(ConversationId conversation)
{
    private readonly Dictionary<CommandKey, FirstResult> _commands = [];

    /// <summary>Counting entries that were erased, ascending: what <see cref="Count"/> takes off the difference of two ordinals.</summary>
    private readonly List<long> _erasedCounting = [];

    private readonly List<StoredEntry> _entries = [];
    private readonly List<StoredEntry> _messages = [];
    private DateTimeOffset _lastAcceptedAt;
    private DateTimeOffset _lastActivityAt;
    private long _lastMessageSeq;
    private long _trimmedOrdinal;
    private long _trimmedTo;
    private long _ordinal;

    public long LastSeq { get; private set; }

    public long MembershipVersion { get; private set; }

    public long Epoch { get; private set; }

    public LogHead? Head => LastSeq == 0 ? null : new LogHead
    {
        Conversation = conversation,
        LastSeq = LastSeq,
        TrimmedTo = _trimmedTo,
        MembershipVersion = MembershipVersion,
        Epoch = Epoch,
        LastMessageSeq = _lastMessageSeq,
        LastActivityAt = _lastActivityAt,
    };

    public AppendResult Append(AppendRequest request, DateTimeOffset now)
    {
        var key = new CommandKey(request.Sender, request.Command);
        if (_commands.TryGetValue(key, out var first))
        {
            return first.PayloadHash == request.PayloadHash
                ? new AppendResult(AppendOutcome.Duplicate, first.Seq, first.AcceptedAt, MembershipVersion, Epoch)
                : Refuse(AppendOutcome.Conflict);
        }

        var header = request.Header;
        if (request.MembershipVersion != MembershipVersion || (LastSeq == 0 && header.Kind != EntryKind.Membership))
        {
            return Refuse(AppendOutcome.StaleMembership);
        }

        if (request.ExpectedEpoch is { } expected && expected != Epoch)
        {
            return Refuse(AppendOutcome.StaleEpoch);
        }

        StoredEntry? target = null;
        if (header.Kind is EntryKind.Edit or EntryKind.Deletion or EntryKind.Reaction or EntryKind.Pin && !TryFindMessage(header.Target, out target))
        {
            return Refuse(AppendOutcome.TargetGone);
        }

        var entry = Store(request, now);
        switch (header.Kind)
        {
            case EntryKind.Message:
                _messages.Add(entry);
                _lastMessageSeq = entry.Seq;
                _lastActivityAt = entry.Entry.AcceptedAt;
                break;
            case EntryKind.Edit:
                target!.AddEdit(entry);
                break;
            case EntryKind.Deletion:
                Erase(target!, entry.Seq);
                break;
            case EntryKind.Membership:
                MembershipVersion = entry.Seq;
                break;
        }

        if (request.ExpectedEpoch is not null)
        {
            Epoch++;
        }

        _commands.Add(key, new FirstResult(request.PayloadHash, entry.Seq, entry.Entry.AcceptedAt));
        return new AppendResult(AppendOutcome.Appended, entry.Seq, entry.Entry.AcceptedAt, MembershipVersion, Epoch);
    }

    public IReadOnlyList<LogEntry> Read(LogRange range)
    {
        var source = range.View == LogView.Messages ? _messages : _entries;
        var low = LowerBound(source, range.From);
        var high = range.To == long.MaxValue ? source.Count : LowerBound(source, range.To + 1);
        var count = Math.Min(high - low, range.Limit);
        if (count <= 0)
        {
            return [];
        }

        var result = new LogEntry[count];
        for (var i = 0; i < count; i++)
        {
            var stored = source[range.Descending ? high - 1 - i : low + i];
            result[i] = range.View == LogView.Messages ? stored.Present : stored.Entry;
        }

        return result;
    }

    public long Count(long after, long to)
    {
        after = Math.Max(after, _trimmedTo);
        to = Math.Min(to, LastSeq);
        if (after >= to)
        {
            return 0;
        }

        var erased = LowerBound(_erasedCounting, to + 1) - LowerBound(_erasedCounting, after + 1);
        return OrdinalAt(to) - OrdinalAt(after) - erased;
    }

    public void Trim(long through)
    {
        through = Math.Min(through, LastSeq - 1);
        if (through <= _trimmedTo)
        {
            return;
        }

        _trimmedOrdinal = OrdinalAt(through);
        _entries.RemoveRange(0, (int)(through - _trimmedTo));
        _messages.RemoveRange(0, LowerBound(_messages, through + 1));
        _erasedCounting.RemoveRange(0, LowerBound(_erasedCounting, through + 1));
        _trimmedTo = through;
    }

    private static int LowerBound(List<StoredEntry> list, long seq)
    {
        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (list[middle].Seq < seq)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static int LowerBound(List<long> list, long seq)
    {
        var index = list.BinarySearch(seq);
        return index < 0 ? ~index : index;
    }

    private AppendResult Refuse(AppendOutcome outcome) => new(outcome, 0, default, MembershipVersion, Epoch);

    private long OrdinalAt(long seq) => seq <= _trimmedTo ? _trimmedOrdinal : _entries[(int)(seq - _trimmedTo - 1)].Ordinal;

    private bool TryFindMessage(long? seq, out StoredEntry? message)
    {
        message = null;
        if (seq is not { } wanted || wanted <= _trimmedTo || wanted > LastSeq)
        {
            return false;
        }

        var found = _entries[(int)(wanted - _trimmedTo - 1)];
        message = found.Entry.Header.Kind == EntryKind.Message && !found.Entry.Erased ? found : null;
        return message is not null;
    }

    private StoredEntry Store(AppendRequest request, DateTimeOffset now)
    {
        var header = request.Header;
        if (header.Counts)
        {
            _ordinal++;
        }

        LastSeq++;
        if (LastSeq == 1 || now > _lastAcceptedAt)
        {
            _lastAcceptedAt = now;
        }

        if (LastSeq == 1)
        {
            _lastActivityAt = _lastAcceptedAt;
        }

        // The caller may reuse its buffers as soon as the append returns.
        var entry = new StoredEntry(_ordinal, new LogEntry
        {
            Conversation = conversation,
            Seq = LastSeq,
            AcceptedAt = _lastAcceptedAt,
            Sender = request.Sender,
            Device = request.Device,
            Command = request.Command,
            Header = header.Assets.Count == 0 ? header : header with { Assets = [.. header.Assets] },
            Body = request.Body.IsEmpty ? default : request.Body.ToArray(),
            MembershipVersion = MembershipVersion,
            Version = LastSeq,
            ExpiresAt = request.ExpiresAt,
        });
        _entries.Add(entry);
        return entry;
    }

    private void Erase(StoredEntry message, long by)
    {
        EraseOne(message, by);
        foreach (var edit in CollectionsMarshal.AsSpan(message.Edits))
        {
            EraseOne(edit, edit.Seq);
        }

        message.DropEdits();
    }

    private void EraseOne(StoredEntry entry, long version)
    {
        entry.Erase(version);
        if (entry.Entry.Header.Counts)
        {
            _erasedCounting.Insert(LowerBound(_erasedCounting, entry.Seq), entry.Seq);
        }
    }

    private readonly record struct CommandKey(UserId Sender, CommandId Command);

    private readonly record struct FirstResult(UInt128 PayloadHash, long Seq, DateTimeOffset AcceptedAt);
}
