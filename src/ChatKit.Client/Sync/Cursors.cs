using ChatKit.Wire;

namespace ChatKit.Client.Sync;

/// <summary>How far this device has got in each conversation (rule 8). Not thread-safe.</summary>
internal sealed class Cursors
{
    private readonly Dictionary<string, (long Seq, long Moved)> positions = new(StringComparer.Ordinal);
    private long moves;

    public bool IsKnown(string conversation) => positions.ContainsKey(conversation);

    public long? Find(string conversation) => positions.TryGetValue(conversation, out var p) ? p.Seq : null;

    public void Move(string conversation, long seq)
    {
        if (!positions.TryGetValue(conversation, out var p) || seq > p.Seq)
        {
            positions[conversation] = (seq, ++moves);
        }
    }

    public void Clear() => positions.Clear();

    /// <summary>The positions to restate at Hello, those that moved last first.</summary>
    public IReadOnlyList<WireCursor> Latest(int max) =>
        [.. positions.OrderByDescending(static p => p.Value.Moved).Take(max).Select(static p => new WireCursor(p.Key, p.Value.Seq))];

    /// <summary>Judges the events of one batch in order, as if those before had been taken in; stops after a gap.</summary>
    /// <param name="frames">The batch.</param>
    /// <param name="moved">Gets the positions after the batch.</param>
    public List<LogVerdict> Judge(IReadOnlyList<EventFrame> frames, Dictionary<string, long> moved)
    {
        var verdicts = new List<LogVerdict>(frames.Count);
        foreach (var frame in frames)
        {
            var verdict = Judge(frame, moved);
            verdicts.Add(verdict);
            if (verdict == LogVerdict.Gap)
            {
                break;
            }
        }

        return verdicts;
    }

    private LogVerdict Judge(EventFrame frame, Dictionary<string, long> moved)
    {
        if (Range(frame) is not var (conversation, first, last))
        {
            return LogVerdict.NotLog;
        }

        var at = moved.TryGetValue(conversation, out var m) ? m : Find(conversation);
        if (last <= at)
        {
            return LogVerdict.Duplicate;
        }

        if (at is { } position && first > position + 1)
        {
            return LogVerdict.Gap;
        }

        moved[conversation] = last;
        return LogVerdict.Fresh;
    }

    /// <summary>The entries an event stands for; null for events that are not of the log, and malformed ones.</summary>
    public static (string Conversation, long First, long Last)? Range(EventFrame frame) => frame switch
    {
        { T: EventTags.Entry, Entry: { Seq: > 0 } e } when IdRules.IsValid(e.Conversation) => (e.Conversation, e.Seq, e.Seq),
        { T: EventTags.Skip, Conversation: { } c, Seq: > 0 and var first, To: var to } when IdRules.IsValid(c) && (to ?? first) >= first =>
            (c, first, to ?? first),
        _ => ((string, long, long)?)null,
    };
}
