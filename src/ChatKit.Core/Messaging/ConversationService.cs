using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ChatKit.Delivery;
using ChatKit.Groups;

namespace ChatKit.Messaging;

/// <summary>A user's conversations, with last message and unread counts.</summary>
internal sealed class ConversationService(
    IMessageStore store, IReceiptStore marks, ReceiptService receipts, IGroupDirectory directory, MembershipService memberships)
{
    public const int MaxLimit = 200;
    private const int MembersInList = 200;
    private const int Chunk = 1000;

    public async ValueTask<ChatResult<ConversationPage>> ListAsync(UserId user, string? after, int limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return new ChatError(ChatErrorCode.Invalid, $"limit: 1 to {MaxLimit}.");
        }

        if (!TryReadToken(after, out var start))
        {
            return new ChatError(ChatErrorCode.Invalid, "page: a token from the page before.");
        }

        var rows = await RowsAsync(user, await memberships.ListAsync(user, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        rows.Sort(static (one, other) => Compare((one.ActiveAt.UtcTicks, one.Head.Conversation.Value), (other.ActiveAt.UtcTicks, other.Head.Conversation.Value)));
        var page = rows.Where(row => start is null || Compare((row.ActiveAt.UtcTicks, row.Head.Conversation.Value), start.Value) > 0).Take(limit + 1).ToList();
        var more = page.Count > limit;
        if (more)
        {
            page.RemoveAt(limit);
        }

        var conversations = await FillAsync(user, page, MembersInList, cancellationToken).ConfigureAwait(false);
        return new ConversationPage(conversations, more ? Token(page[^1]) : null);
    }

    public async ValueTask<ChatResult<Conversation>> GetAsync(UserId user, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (conversation.Tenant != user.Tenant)
        {
            return MembershipRules.NotMember;
        }

        var own = (await directory.GetForUserAsync(user, [conversation], cancellationToken).ConfigureAwait(false))[0];
        var rows = own is null ? [] : await RowsAsync(user, [own], cancellationToken).ConfigureAwait(false);
        return rows.Count == 0
            ? MembershipRules.NotMember
            : (await FillAsync(user, rows, int.MaxValue, cancellationToken).ConfigureAwait(false))[0];
    }

    private async ValueTask<List<Row>> RowsAsync(UserId user, IReadOnlyList<UserMembership> list, CancellationToken cancellationToken)
    {
        var rows = new List<Row>(list.Count);
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
                    rows.Add(new Row(chunk[i], head, head.LastSeq, head.LastActivityAt));
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
                rows.Add(new Row(left[i].Membership, left[i].Head, left[i].Seq, leavings[i].Count > 0 ? leavings[i][0].AcceptedAt : DateTimeOffset.UnixEpoch));
            }
        }

        return rows;
    }

    private async ValueTask<List<Conversation>> FillAsync(UserId user, List<Row> rows, int members, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConversationId> ids = [.. rows.Select(row => row.Head.Conversation)];
        var views = await memberships.GetManyAsync(ids, cancellationToken).ConfigureAwait(false);
        var stored = await marks.GetForUserAsync(user, ids, cancellationToken).ConfigureAwait(false);
        var visible = rows.ConvertAll(row => Visibility.From(row.Membership));
        var own = stored.Select(receipts.WithPending).ToList();

        var spans = new List<LogSpan>();
        var spanEnds = new int[rows.Count];
        var ranges = new LogRange[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            spans.AddRange(visible[i].Clip(ids[i], own[i].Read, rows[i].LastSeq));
            spanEnds[i] = spans.Count;
            var last = visible[i].Previous(rows[i].LastSeq);
            ranges[i] = new LogRange(ids[i], visible[i].Ranges.Last(range => range.From <= last).From, last, 1, Descending: true, LogView.Messages);
        }

        var counts = await store.CountAsync(spans, cancellationToken).ConfigureAwait(false);
        var lasts = await store.ReadAsync(ranges, cancellationToken).ConfigureAwait(false);
        var result = new List<Conversation>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (views[i] is not { Membership: var membership })
            {
                continue;
            }

            var unread = 0L;
            for (var s = i == 0 ? 0 : spanEnds[i - 1]; s < spanEnds[i]; s++)
            {
                unread += counts[s];
            }

            result.Add(new Conversation
            {
                Id = ids[i],
                Kind = membership.Kind,
                Title = membership.Title,
                Members = membership.Members.Count <= members ? membership.Members : [.. membership.Members.Take(members)],
                MemberCount = membership.Members.Count,
                IsMember = rows[i].Membership.IsMember,
                LastSeq = rows[i].LastSeq,
                LastMessage = lasts[i].Count > 0 ? lasts[i][0] : null,
                LastActivityAt = rows[i].ActiveAt,
                Own = own[i],
                Unread = unread,
            });
        }

        return result;
    }

    private static int Compare((long Ticks, string Id) one, (long Ticks, string Id) other) =>
        one.Ticks != other.Ticks ? other.Ticks.CompareTo(one.Ticks) : string.CompareOrdinal(one.Id, other.Id);

    private static string Token(Row row) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{row.ActiveAt.UtcTicks}:{row.Head.Conversation.Value}")));

    private static bool TryReadToken(string? token, out (long Ticks, string Id)? start)
    {
        start = null;
        if (token is null)
        {
            return true;
        }

        if (token.Length > 512 || !Base64Url.IsValid(token))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
        {
            return false;
        }

        start = (ticks, text[(colon + 1)..]);
        return true;
    }

    private sealed record Row(UserMembership Membership, LogHead Head, long LastSeq, DateTimeOffset ActiveAt);
}
