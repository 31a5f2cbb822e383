using ChatKit.Wire;

namespace ChatKit.Testing;

/// <summary>Marks of who has got and read what, over all records: they cross nothing, go nowhere back, and fall behind nothing (rules 3 and 8).</summary>
internal sealed class MarkCheck(RunModel model, List<Finding> findings)
{
    private readonly Dictionary<(string Conversation, string User), List<(long Order, string Device, WireReceipt Mark)>> shown = [];

    public void Check(IReadOnlyDictionary<DeviceRecord, WireCheck> devices, IReadOnlyDictionary<DeviceRecord, FinalState> finals)
    {
        var answers = new List<(long Asked, string Device, string Conversation, WireReceipt Mark)>();
        foreach (var (record, lines) in model.Devices)
        {
            var asked = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var line in lines)
            {
                if (line.Command is { T: CommandTags.Receipts, Id: { } id })
                {
                    asked.TryAdd(id, line.Order);
                }

                if (line.Event is not { Conversation: { } conversation, Receipts: { } marks } happened)
                {
                    continue;
                }

                foreach (var mark in marks)
                {
                    Note(RunModel.NameOf(record), line.Order, conversation, mark);
                    if (happened is { T: EventTags.Result, Id: { } answer } && asked.TryGetValue(answer, out var when))
                    {
                        answers.Add((when, RunModel.NameOf(record), conversation, mark));
                    }
                }
            }
        }

        foreach (var (when, device, conversation, mark) in answers)
        {
            NeverBack(when, device, conversation, mark);
        }

        foreach (var (record, wire) in devices)
        {
            if (finals[record].Exists)
            {
                NotBehind(record, wire, finals[record]);
            }
        }
    }

    private void Note(string device, long order, string conversation, WireReceipt mark)
    {
        if (mark.Read > mark.Delivered)
        {
            findings.Add(new Finding(FindingKind.MarksCrossed, device, conversation, mark.Read, $"{mark.User} has read it but got only {mark.Delivered}"));
        }

        if (model.Find(conversation) is { } known && mark.Delivered > known.Last)
        {
            findings.Add(new Finding(FindingKind.MarksCrossed, device, conversation, mark.Delivered, $"{mark.User} is said to have got it; the last is {known.Last}"));
        }

        var key = (conversation, mark.User);
        if (!shown.TryGetValue(key, out var list))
        {
            shown.Add(key, list = []);
        }

        list.Add((order, device, mark));
    }

    /// <summary>An answer must not be behind what anybody was shown before the question, whatever died in between.</summary>
    private void NeverBack(long asked, string device, string conversation, WireReceipt answer)
    {
        foreach (var (order, by, mark) in shown[(conversation, answer.User)])
        {
            if (order < asked && (mark.Read > answer.Read || mark.Delivered > answer.Delivered))
            {
                findings.Add(new Finding(FindingKind.ReceiptMovedBack, device, conversation, null,
                    $"{answer.User} is said to be at {answer.Delivered}/{answer.Read} (delivered/read), {by} was shown {mark.Delivered}/{mark.Read} before"));
                return;
            }
        }
    }

    /// <summary>What a connected device has acknowledged, read or written is in its user's marks at the end.</summary>
    private void NotBehind(DeviceRecord record, WireCheck wire, FinalState final)
    {
        var device = RunModel.NameOf(record);
        foreach (var info in final.Infos.Values.Where(static info => info.IsMember))
        {
            if (model.Find(info.Id) is not { } conversation)
            {
                continue;
            }

            var written = conversation.Entries.Values.Where(e => e.Kind == "message" && e.From == record.User).Select(static e => e.Seq).DefaultIfEmpty().Max();
            var read = Math.Max(written, Math.Min(wire.Read.GetValueOrDefault(info.Id), conversation.Last));
            var delivered = Math.Max(read, wire.Logs.GetValueOrDefault(info.Id)?.Acked ?? 0);
            if (info.Read < read || info.Delivered < delivered)
            {
                findings.Add(new Finding(FindingKind.MarkLost, device, info.Id, null,
                    $"the user's marks are {info.Delivered}/{info.Read} (delivered/read), by what his devices did at least {delivered}/{read}"));
            }

            var told = final.Receipts.GetValueOrDefault(info.Id)?.FirstOrDefault(mark => mark.User == record.User);
            if (told is not null && (told.Read < read || told.Delivered < delivered))
            {
                findings.Add(new Finding(FindingKind.MarkLost, device, info.Id, null,
                    $"others are told {told.Delivered}/{told.Read} (delivered/read) of the user, by what his devices did at least {delivered}/{read}"));
            }
        }
    }
}
