using ChatKit.Groups;

namespace ChatKit.Messaging;

/// <summary>Pages of messages in their present state (ARCHITECTURE, rule 13), as one user sees them (rule 2).</summary>
internal sealed class HistoryService(IMessageStore store, MembershipService memberships)
{
    public const int MaxLimit = 200;
    private const int DefaultLimit = 50;

    public async ValueTask<ChatResult<MessagePage>> GetAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        if (Check(query) is { } error)
        {
            return error;
        }

        var head = query.Conversation.Tenant == query.Reader.Tenant
            ? (await store.GetHeadsAsync([query.Conversation], cancellationToken).ConfigureAwait(false))[0]
            : null;
        if (head is null)
        {
            return MembershipRules.NotMember;
        }

        var visible = await memberships.GetVisibilityAsync(query.Conversation, query.Reader, head.MembershipVersion, cancellationToken).ConfigureAwait(false);
        if (visible.End == 0)
        {
            return MembershipRules.NotMember;
        }

        var limit = query.Limit ?? query.Screen?.Messages ?? DefaultLimit;
        if (query.After is not null || query.AfterTime is not null)
        {
            var after = query.After ?? await LastAtAsync(head, query.AfterTime!.Value, orBefore: true, cancellationToken).ConfigureAwait(false);
            return await ForwardAsync(head, visible, after, limit, cancellationToken).ConfigureAwait(false);
        }

        var before = query.Before
            ?? (query.BeforeTime is { } time ? await LastAtAsync(head, time, orBefore: false, cancellationToken).ConfigureAwait(false) + 1 : long.MaxValue);
        return await BackwardAsync(head, visible, before, limit, cancellationToken).ConfigureAwait(false);
    }

    private static ChatError? Check(MessageQuery query)
    {
        var bounds = (query.Before is null ? 0 : 1) + (query.After is null ? 0 : 1) + (query.BeforeTime is null ? 0 : 1) + (query.AfterTime is null ? 0 : 1);
        if (bounds > 1)
        {
            return new ChatError(ChatErrorCode.Invalid, "Give at most one of before, after, beforeTime and afterTime.");
        }

        if (query.Limit is < 1 or > MaxLimit)
        {
            return new ChatError(ChatErrorCode.Invalid, $"limit: 1 to {MaxLimit}.");
        }

        return query.Before < 1 || query.After < 0 ? new ChatError(ChatErrorCode.Invalid, "before: at least 1; after: at least 0.") : null;
    }

    private async ValueTask<MessagePage> BackwardAsync(LogHead head, Visibility visible, long before, int limit, CancellationToken cancellationToken)
    {
        var to = visible.Previous(Math.Min(before - 1, head.LastSeq));
        var messages = new List<LogEntry>();
        var from = to;
        for (var end = to; end > head.TrimmedTo && messages.Count < limit; end = visible.Previous(from - 1))
        {
            var start = Math.Max(RangeStart(visible, end), head.TrimmedTo + 1);
            var part = await ReadAsync(head, start, end, limit - messages.Count, descending: true, cancellationToken).ConfigureAwait(false);
            messages.AddRange(part);
            from = messages.Count == limit ? part[^1].Seq : start;
            if (from <= 1)
            {
                break;
            }
        }

        messages.Reverse();
        return new MessagePage(messages, from, to, head.LastSeq, to > 0 && visible.Previous(from - 1) > head.TrimmedTo);
    }

    private async ValueTask<MessagePage> ForwardAsync(LogHead head, Visibility visible, long after, int limit, CancellationToken cancellationToken)
    {
        var last = visible.Previous(head.LastSeq);
        var from = visible.Next(Math.Max(after, head.TrimmedTo) + 1);
        if (from is null || from > last)
        {
            return new MessagePage([], 0, 0, head.LastSeq, HasMore: false);
        }

        var messages = new List<LogEntry>();
        var to = from.Value - 1;
        for (var start = from; start <= last && messages.Count < limit; start = visible.Next(to + 1))
        {
            var end = Math.Min(RangeEnd(visible, start.Value), last);
            var part = await ReadAsync(head, start.Value, end, limit - messages.Count, descending: false, cancellationToken).ConfigureAwait(false);
            messages.AddRange(part);
            to = messages.Count == limit ? part[^1].Seq : end;
        }

        return new MessagePage(messages, from.Value, to, head.LastSeq, visible.Next(to + 1) <= last);
    }

    private async ValueTask<IReadOnlyList<LogEntry>> ReadAsync(
        LogHead head, long from, long to, int limit, bool descending, CancellationToken cancellationToken)
    {
        var pages = await store.ReadAsync(
            [new LogRange(head.Conversation, from, to, limit, descending, LogView.Messages)], cancellationToken).ConfigureAwait(false);
        return pages[0];
    }

    /// <summary>The last entry accepted before a time (or at it): times rise with positions (rule 16), so halving finds it.</summary>
    private async ValueTask<long> LastAtAsync(LogHead head, DateTimeOffset time, bool orBefore, CancellationToken cancellationToken)
    {
        var low = head.TrimmedTo;
        var high = head.LastSeq;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var found = (await store.ReadAsync([new LogRange(head.Conversation, middle, middle, 1)], cancellationToken).ConfigureAwait(false))[0];
            var isBefore = found.Count == 0 || (orBefore ? found[0].AcceptedAt <= time : found[0].AcceptedAt < time);
            (low, high) = isBefore ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private static long RangeStart(Visibility visible, long seq) => visible.Ranges.Last(range => range.From <= seq).From;

    private static long RangeEnd(Visibility visible, long seq) => visible.Ranges.First(range => range.To >= seq).To;
}
