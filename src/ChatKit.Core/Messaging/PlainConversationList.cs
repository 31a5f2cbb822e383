using ChatKit.Groups;

namespace ChatKit.Messaging;

/// <summary>The list of conversations put together from plugs that may lie anywhere.</summary>
internal sealed class PlainConversationList(IMessageStore store, IReceiptStore receipts, IGroupDirectory groups) : IConversationListReader
{
    private const int MaxLimit = 1000;
    private const int Chunk = 1000;

    public static IComparer<ConversationListPosition> Order { get; } = Comparer<ConversationListPosition>.Create(static (one, other) =>
        one.LastActivityAt != other.LastActivityAt
            ? other.LastActivityAt.CompareTo(one.LastActivityAt)
            : IdOrder.Comparer.Compare(one.Conversation, other.Conversation));

    public bool CanRead(IReceiptStore receipts, IGroupDirectory groups) => true;

    public async ValueTask<IReadOnlyList<ConversationListRow>> ReadAsync(
        UserId user, ConversationListPosition? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        var rows = await FindAsync(await ListAsync(user, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        rows.Sort(static (one, other) => Order.Compare(one.Position, other.Position));
        return await FillAsync(
            user, [.. rows.Where(row => after is null || Order.Compare(row.Position, after.Value) > 0).Take(limit)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One conversation; null when it has no log.</summary>
    public async ValueTask<ConversationListRow?> GetAsync(UserId user, UserMembership membership, CancellationToken cancellationToken)
    {
        var rows = await FindAsync([membership], cancellationToken).ConfigureAwait(false);
        return (await FillAsync(user, rows, cancellationToken).ConfigureAwait(false)).SingleOrDefault();
    }

    private async ValueTask<List<UserMembership>> ListAsync(UserId user, CancellationToken cancellationToken)
    {
        var all = new List<UserMembership>();
        while (true)
        {
            var part = await groups.ListAsync(user, all.Count == 0 ? null : all[^1].Conversation, Chunk, cancellationToken).ConfigureAwait(false);
            all.AddRange(part);
            if (part.Count < Chunk)
            {
                return all;
            }
        }
    }

    private async ValueTask<List<Found>> FindAsync(List<UserMembership> list, CancellationToken cancellationToken)
    {
        var rows = new List<Found>(list.Count);
        foreach (var chunk in list.Chunk(Chunk))
        {
            var heads = await store.GetHeadsAsync([.. chunk.Select(membership => membership.Conversation)], cancellationToken).ConfigureAwait(false);
            var left = new List<(UserMembership Membership, LogHead Head, long Seq)>();
            for (var i = 0; i < chunk.Length; i++)
            {
                if (heads[i] is not { } head)
                {
                    continue;
                }

                if (chunk[i].IsMember)
                {
                    rows.Add(new Found(chunk[i], head, head.LastSeq, head.LastActivityAt));
                }
                else
                {
                    left.Add((chunk[i], head, chunk[i].Intervals[^1].Left!.Value));
                }
            }

            // For one who left, a conversation was last active when he did.
            var leavings = await store.ReadAsync([.. left.Select(one => new LogRange(one.Head.Conversation, one.Seq, one.Seq, 1))], cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < left.Count; i++)
            {
                rows.Add(new Found(left[i].Membership, left[i].Head, left[i].Seq, leavings[i].Count > 0 ? leavings[i][0].AcceptedAt : DateTimeOffset.UnixEpoch));
            }
        }

        return rows;
    }

    private async ValueTask<IReadOnlyList<ConversationListRow>> FillAsync(UserId user, List<Found> rows, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConversationId> ids = [.. rows.Select(row => row.Head.Conversation)];
        var own = await receipts.GetForUserAsync(user, ids, cancellationToken).ConfigureAwait(false);
        var spans = new List<LogSpan>();
        var ranges = new List<LogRange>();
        var ends = new (int Spans, int Ranges)[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            var visible = Visibility.From(rows[i].Membership);
            spans.AddRange(visible.Clip(ids[i], own[i].Read, rows[i].LastSeq));
            ranges.AddRange(visible.Clip(ids[i], 0, rows[i].LastSeq)
                .Select(span => new LogRange(span.Conversation, span.After + 1, span.To, 1, Descending: true, LogView.Messages)));
            ends[i] = (spans.Count, ranges.Count);
        }

        var counts = await store.CountAsync(spans, cancellationToken).ConfigureAwait(false);
        var lasts = await store.ReadAsync(ranges, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select((row, i) =>
        {
            var start = i == 0 ? default : ends[i - 1];
            return new ConversationListRow
            {
                Membership = row.Membership,
                Head = row.Head,
                LastSeq = row.LastSeq,
                LastActivityAt = row.ActiveAt,
                Own = own[i],
                Unread = counts.Skip(start.Spans).Take(ends[i].Spans - start.Spans).Sum(),
                LastMessage = lasts.Skip(start.Ranges).Take(ends[i].Ranges - start.Ranges).LastOrDefault(found => found.Count > 0)?[0],
            };
        })];
    }

    private sealed record Found(UserMembership Membership, LogHead Head, long LastSeq, DateTimeOffset ActiveAt)
    {
        public ConversationListPosition Position => new(ActiveAt, Head.Conversation.Value);
    }
}
