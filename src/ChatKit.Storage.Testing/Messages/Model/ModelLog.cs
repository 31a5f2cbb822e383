namespace ChatKit.Storage.Testing.Messages.Model;

/// <summary>What one conversation's log is, written down as plainly as possible: everything by walking over all entries.</summary>
internal sealed class ModelLog(ConversationId id)
{
    private readonly Dictionary<(UserId Sender, CommandId Command), ModelEntry> _commands = [];

    public ConversationId Id { get; } = id;

    public List<ModelEntry> Entries { get; } = [];

    public long LastSeq => Entries.Count;

    public long TrimmedTo { get; private set; }

    public long MembershipVersion { get; private set; }

    public long Epoch { get; private set; }

    /// <summary>Judges and stores an item; the entry's AcceptedAt is set when the store has answered.</summary>
    public (AppendResult Expected, ModelEntry? Entry) Append(AppendRequest request)
    {
        if (_commands.TryGetValue((request.Sender, request.Command), out var first))
        {
            return first.Request.PayloadHash == request.PayloadHash
                ? (new AppendResult(AppendOutcome.Duplicate, first.Seq, first.AcceptedAt, MembershipVersion, Epoch), first)
                : (Refusal(AppendOutcome.Conflict), null);
        }

        var kind = request.Header.Kind;
        if (request.MembershipVersion != MembershipVersion || (LastSeq == 0 && kind != EntryKind.Membership))
        {
            return (Refusal(AppendOutcome.StaleMembership), null);
        }

        if (request.ExpectedEpoch is not null && request.ExpectedEpoch != Epoch)
        {
            return (Refusal(AppendOutcome.StaleEpoch), null);
        }

        var target = Entries.Find(entry => entry.Seq == request.Header.Target && entry.Kind == EntryKind.Message && !entry.Erased && entry.Seq > TrimmedTo);
        if (target is null && kind is (EntryKind.Edit or EntryKind.Deletion or EntryKind.Reaction or EntryKind.Pin))
        {
            return (Refusal(AppendOutcome.TargetGone), null);
        }

        var entry = new ModelEntry(request, LastSeq + 1, MembershipVersion);
        Entries.Add(entry);
        _commands.Add((request.Sender, request.Command), entry);
        Change(entry, target);
        return (new AppendResult(AppendOutcome.Appended, entry.Seq, default, MembershipVersion, Epoch), entry);
    }

    public void Trim(long through) => TrimmedTo = Math.Max(TrimmedTo, Math.Min(through, LastSeq - 1));

    public IEnumerable<ModelEntry> Read(LogRange range)
    {
        var found = Entries.Where(entry => entry.Seq > TrimmedTo && entry.Seq >= range.From && entry.Seq <= range.To
            && (range.View == LogView.Entries || entry.Kind == EntryKind.Message));
        return (range.Descending ? found.Reverse() : found).Take(range.Limit);
    }

    public long Count(long after, long to) =>
        Entries.Count(entry => entry.Seq > TrimmedTo && entry.Seq > after && entry.Seq <= to && entry.Request.Header.Counts && !entry.Erased);

    public LogHead? Head()
    {
        var lastMessage = Entries.FindLast(entry => entry.Kind == EntryKind.Message);
        return LastSeq == 0 ? null : new LogHead
        {
            Conversation = Id,
            LastSeq = LastSeq,
            TrimmedTo = TrimmedTo,
            MembershipVersion = MembershipVersion,
            Epoch = Epoch,
            LastMessageSeq = lastMessage?.Seq ?? 0,
            LastActivityAt = (lastMessage ?? Entries[0]).AcceptedAt,
        };
    }

    private AppendResult Refusal(AppendOutcome outcome) => new(outcome, 0, default, MembershipVersion, Epoch);

    private void Change(ModelEntry entry, ModelEntry? target)
    {
        switch (entry.Kind)
        {
            case EntryKind.Edit:
                target!.Version = entry.Seq;
                target.LastEdit = entry;
                break;
            case EntryKind.Deletion:
                target!.Version = entry.Seq;
                foreach (var erased in Entries.Where(other => other == target || (other.Kind == EntryKind.Edit && other.Request.Header.Target == target.Seq)))
                {
                    erased.Erased = true;
                }

                break;
            case EntryKind.Membership:
                MembershipVersion = entry.Seq;
                break;
        }

        if (entry.Request.ExpectedEpoch is not null)
        {
            Epoch++;
        }
    }
}
