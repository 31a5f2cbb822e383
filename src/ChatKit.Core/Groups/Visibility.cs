namespace ChatKit.Groups;

/// <summary>What a user sees of a log (ARCHITECTURE, rule 2): closed ranges, ascending; the last may be open.</summary>
internal sealed class Visibility
{
    public static readonly Visibility None = new([]);

    private readonly (long From, long To)[] ranges;

    private Visibility((long From, long To)[] ranges) => this.ranges = ranges;

    /// <summary>From where on a new device of a member starts in a conversation he joined since it last was here.</summary>
    public long LastJoined => ranges.Length == 0 ? 0 : ranges[^1].From;

    /// <summary>The last position that can ever be visible: the last leaving, or no end for a present member.</summary>
    public long End => ranges.Length == 0 ? 0 : ranges[^1].To;

    public IReadOnlyList<(long From, long To)> Ranges => ranges;

    public static Visibility From(UserMembership? membership)
    {
        if (membership is null || membership.Intervals.Count == 0)
        {
            return None;
        }

        if (membership.IsMember && membership.History == GroupHistory.All)
        {
            return new([(1, long.MaxValue)]);
        }

        return new([.. membership.Intervals.Select(interval => (interval.Joined, interval.Left ?? long.MaxValue))]);
    }

    /// <summary>A present member of a direct conversation or of a group that shows all.</summary>
    public static Visibility Since(long joined) => new([(joined, long.MaxValue)]);

    public bool Contains(long seq)
    {
        foreach (var (from, to) in ranges)
        {
            if (seq >= from && seq <= to)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first visible position at or after <paramref name="seq"/>; null when there is none.</summary>
    public long? Next(long seq)
    {
        foreach (var (from, to) in ranges)
        {
            if (seq <= to)
            {
                return Math.Max(seq, from);
            }
        }

        return null;
    }

    /// <summary>The last visible position at or before <paramref name="seq"/>; 0 when there is none.</summary>
    public long Previous(long seq)
    {
        for (var i = ranges.Length - 1; i >= 0; i--)
        {
            if (seq >= ranges[i].From)
            {
                return Math.Min(seq, ranges[i].To);
            }
        }

        return 0;
    }

    /// <summary>The visible parts of (after, to].</summary>
    public IEnumerable<LogSpan> Clip(ConversationId conversation, long after, long to)
    {
        foreach (var (from, end) in ranges)
        {
            var low = Math.Max(after, from - 1);
            var high = Math.Min(to, end);
            if (low < high)
            {
                yield return new LogSpan(conversation, low, high);
            }
        }
    }
}
