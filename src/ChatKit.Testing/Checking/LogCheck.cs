namespace ChatKit.Testing;

/// <summary>What each device got against what the log says it had to get, and the commands against the log (the promise over all; rules 2, 5, 6, 7).</summary>
internal static class LogCheck
{
    public static void Check(RunModel model, IReadOnlyDictionary<DeviceRecord, WireCheck> devices, List<Finding> findings)
    {
        foreach (var conversation in model.Conversations)
        {
            CheckLog(conversation, findings);
        }

        foreach (var (record, wire) in devices)
        {
            foreach (var conversation in model.Conversations.Where(static c => c.IsKnown))
            {
                CheckDevice(record, wire, conversation, findings);
            }

            CheckCommands(model, record, wire, findings);
        }
    }

    private static void CheckLog(ConversationModel conversation, List<Finding> findings)
    {
        foreach (var same in conversation.Entries.Values.Where(static e => e.Id is not null && e.Kind != "membership").GroupBy(static e => (e.From, e.Id)).Where(static g => g.Count() > 1))
        {
            findings.Add(new Finding(FindingKind.Doubled, "", conversation.Id, same.Last().Seq,
                $"command {same.Key.Id} of {same.Key.From} is in the log at {string.Join(" and ", same.Select(static e => e.Seq))}"));
        }

        if (!conversation.IsKnown)
        {
            return;
        }

        foreach (var entry in conversation.Entries.Values.Where(e => !conversation.WasMember(e.From, e.Seq)))
        {
            findings.Add(new Finding(FindingKind.NotMember, "", conversation.Id, entry.Seq, $"{RunModel.Show(entry)}, who was no member there"));
        }
    }

    private static void CheckDevice(DeviceRecord record, WireCheck wire, ConversationModel conversation, List<Finding> findings)
    {
        var device = RunModel.NameOf(record);
        var log = wire.Logs.GetValueOrDefault(conversation.Id);
        foreach (var seq in log?.Got.Where(seq => !conversation.MayGet(record.User, seq)) ?? [])
        {
            findings.Add(new Finding(FindingKind.NotVisible, device, conversation.Id, seq, "came although the user may not see it"));
        }

        foreach (var (seq, times) in log?.Shown.Where(static one => one.Value > 1) ?? [])
        {
            findings.Add(new Finding(FindingKind.Doubled, device, conversation.Id, seq, $"was shown {times} times"));
        }

        if (wire.StartOf(conversation.Id) is not { } start)
        {
            return;
        }

        foreach (var seq in conversation.MustGet(record.User, start))
        {
            if (log is null || !log.Got.Contains(seq))
            {
                findings.Add(log?.WasSkipped(seq) == true
                    ? new Finding(FindingKind.WrongSkip, device, conversation.Id, seq, "was passed over although the user may see it")
                    : new Finding(FindingKind.Lost, device, conversation.Id, seq, $"never came (the device began at {start}, has got {Range(log)})"));
            }
            else if (conversation.Entries.TryGetValue(seq, out var entry) && entry.Kind == "message" && !log.Shown.ContainsKey(seq))
            {
                findings.Add(new Finding(FindingKind.Lost, device, conversation.Id, seq, "came but the app was never shown it"));
            }
        }
    }

    private static string Range(DeviceLog? log) => log is { Got.Count: > 0 } ? $"{log.Got.Min} to {log.Got.Max}" : "nothing";

    private static void CheckCommands(RunModel model, DeviceRecord record, WireCheck wire, List<Finding> findings)
    {
        var device = RunModel.NameOf(record);
        foreach (var (id, (conversation, seq)) in wire.Accepted)
        {
            var entry = model.Find(conversation)?.Entries.GetValueOrDefault(seq);
            if (entry is null || (entry.Id is not null && (entry.Id != id || entry.From != record.User)))
            {
                findings.Add(new Finding(FindingKind.Lost, device, conversation, seq,
                    $"command {id} was accepted here, but the log has {(entry is null ? "nothing anybody saw" : RunModel.Show(entry))}"));
            }
        }

        Ordered(wire.Sent.Select(static c => c.Id!), "sent");
        Ordered(wire.Pending, "put into the outbox");
        foreach (var id in wire.Pending.Where(id => !wire.Answered.Contains(id)))
        {
            findings.Add(new Finding(FindingKind.Unanswered, device, null, null, $"message {id} has no answer"));
        }

        foreach (var command in wire.Sent.Where(c => !wire.Accepted.ContainsKey(c.Id!) && !wire.Refused.Contains(c.Id!) && !wire.Withdrawn.Contains(c.Id!) && !IsInLog(model, record.User, c.Id!)))
        {
            findings.Add(new Finding(FindingKind.Unanswered, device, command.Conversation, null, $"{command.T} {command.Id} has no answer"));
        }

        void Ordered(IEnumerable<string> ids, string how)
        {
            var last = new Dictionary<string, (long Seq, string Id)>(StringComparer.Ordinal);
            foreach (var id in ids)
            {
                if (!wire.Accepted.TryGetValue(id, out var at))
                {
                    continue;
                }

                if (last.TryGetValue(at.Conversation, out var before) && before.Seq >= at.Seq && !MayHaveBeenRefused(before.Id, at))
                {
                    findings.Add(new Finding(FindingKind.OutOfOrder, device, at.Conversation, at.Seq, $"command {id} was {how} after {before.Id}, which is at {before.Seq}"));
                }

                last[at.Conversation] = before.Seq >= at.Seq ? before : (at.Seq, id);
            }
        }

        // A refusal for good is not remembered. When it was lost with its connection the command is judged anew, and may then be accepted behind a later one.
        bool MayHaveBeenRefused(string id, (string Conversation, long Seq) later) => wire.WasSentAgain(id)
            && model.Find(later.Conversation) is { } conversation && conversation.Entries.TryGetValue(wire.Accepted[id].Seq, out var entry)
            && (entry.Kind == "membership" || conversation.WasAway(record.User, later.Seq));
    }

    /// <summary>The entry itself may have been the answer.</summary>
    private static bool IsInLog(RunModel model, string user, string id) =>
        model.Conversations.Any(c => c.Entries.Values.Any(e => e.Id == id && e.From == user));
}
