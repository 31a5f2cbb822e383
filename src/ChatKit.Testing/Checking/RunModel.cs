using ChatKit.Wire;

namespace ChatKit.Testing;

/// <summary>What all records say together.</summary>
internal sealed class RunModel
{
    private readonly Dictionary<string, ConversationModel> conversations = new(StringComparer.Ordinal);

    public RunModel(IReadOnlyList<DeviceRecord> records, List<Finding> findings)
    {
        var devices = records.Select(static record => (Record: record, record.Lines)).ToList();
        Devices = devices;
        var histories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (record, lines) in devices)
        {
            var name = NameOf(record);
            foreach (var line in lines)
            {
                if (line.Command is { T: CommandTags.CreateGroup, History: "all", Id: { } id })
                {
                    histories.Add(id);
                }

                foreach (var entry in EntriesOf(line))
                {
                    if (Of(entry.Conversation).Add(entry) is { } other)
                    {
                        findings.Add(new Finding(FindingKind.Split, name, entry.Conversation, entry.Seq,
                            $"seen as {Show(entry)} by this device, as {Show(other)} by another or before"));
                    }
                }

                if (line.Event is { T: EventTags.Accepted, Conversation: { } conversation, Seq: { } seq } accepted)
                {
                    var model = Of(conversation);
                    model.Last = Math.Max(model.Last, seq);
                    model.HistoryAll |= accepted.Id is { } group && histories.Contains(group);
                }
            }
        }

        foreach (var model in conversations.Values)
        {
            model.HistoryAll |= model.Entries.Values.Any(e => e.Id is { } id && histories.Contains(id));
            model.Derive();
        }
    }

    public IReadOnlyList<(DeviceRecord Record, IReadOnlyList<RecordLine> Lines)> Devices { get; }

    public IReadOnlyCollection<ConversationModel> Conversations => conversations.Values;

    public static string NameOf(DeviceRecord record) => $"{record.User}/{record.Device}";

    public static string Show(WireEntry entry) =>
        $"{entry.Kind} {entry.Id} of {entry.From}" + (entry.Target is { } target ? $" on {target}" : "") + (entry.Text is { } text ? $" \"{text}\"" : "");

    public ConversationModel? Find(string conversation) => conversations.GetValueOrDefault(conversation);

    /// <summary>Entries as the log has them: of pages only those never changed since are.</summary>
    private static IEnumerable<WireEntry> EntriesOf(RecordLine line)
    {
        if (line.Event is { T: EventTags.Entry, Entry: { } entry })
        {
            yield return entry;
        }

        foreach (var message in line.Event?.Messages?.Messages ?? [])
        {
            yield return message;
        }
    }

    private ConversationModel Of(string conversation)
    {
        if (!conversations.TryGetValue(conversation, out var model))
        {
            conversations.Add(conversation, model = new ConversationModel(conversation));
        }

        return model;
    }
}
