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

    private readonly PlainConversationList plain = new(store, marks, directory);

    /// <summary>One query where the store has one and its neighbours are its own; several reads otherwise.</summary>
    private readonly IConversationListReader? list = store is IConversationListReader reader && reader.CanRead(marks, directory) ? reader : null;

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

        var rows = await (list ?? plain).ReadAsync(user, start, limit + 1, cancellationToken).ConfigureAwait(false);
        var page = rows.Take(limit).ToList();
        var conversations = await PresentAsync(user, page, MembersInList, cancellationToken).ConfigureAwait(false);
        return new ConversationPage(conversations, rows.Count > limit ? Token(page[^1]) : null);
    }

    public async ValueTask<ChatResult<Conversation>> GetAsync(UserId user, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (conversation.Tenant != user.Tenant)
        {
            return MembershipRules.NotMember;
        }

        var own = (await directory.GetForUserAsync(user, [conversation], cancellationToken).ConfigureAwait(false))[0];
        var row = own is null ? null : await plain.GetAsync(user, own, cancellationToken).ConfigureAwait(false);
        return row is null
            ? MembershipRules.NotMember
            : (await PresentAsync(user, [row], int.MaxValue, cancellationToken).ConfigureAwait(false))[0];
    }

    private async ValueTask<List<Conversation>> PresentAsync(UserId user, List<ConversationListRow> rows, int members, CancellationToken cancellationToken)
    {
        var views = await memberships.GetManyAsync([.. rows.Select(row => row.Head.Conversation)], cancellationToken).ConfigureAwait(false);
        var own = rows.ConvertAll(row => receipts.WithPending(row.Own));
        var unread = await UnreadAsync(rows, own, cancellationToken).ConfigureAwait(false);
        var result = new List<Conversation>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (views[i] is not { Membership: var membership })
            {
                continue;
            }

            result.Add(new Conversation
            {
                Id = membership.Conversation,
                Kind = membership.Kind,
                Title = membership.Title,
                Members = membership.Members.Count <= members ? membership.Members : [.. membership.Members.Take(members)],
                MemberCount = membership.Members.Count,
                IsMember = rows[i].Membership.IsMember,
                LastSeq = rows[i].LastSeq,
                LastMessage = rows[i].LastMessage,
                LastActivityAt = rows[i].LastActivityAt,
                Own = own[i],
                Unread = unread[i],
            });
        }

        return result;
    }

    /// <summary>What was counted, and counted anew where the user has read on since the last flush.</summary>
    private async ValueTask<long[]> UnreadAsync(List<ConversationListRow> rows, List<Receipt> own, CancellationToken cancellationToken)
    {
        var unread = rows.Select(row => row.Unread).ToArray();
        var spans = new List<LogSpan>();
        var of = new List<int>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (own[i].Read > rows[i].Own.Read)
            {
                unread[i] = 0;
                spans.AddRange(Visibility.From(rows[i].Membership).Clip(rows[i].Head.Conversation, own[i].Read, rows[i].LastSeq));
                of.AddRange(Enumerable.Repeat(i, spans.Count - of.Count));
            }
        }

        if (spans.Count > 0)
        {
            var counts = await store.CountAsync(spans, cancellationToken).ConfigureAwait(false);
            for (var s = 0; s < counts.Count; s++)
            {
                unread[of[s]] += counts[s];
            }
        }

        return unread;
    }

    private static string Token(ConversationListRow row) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{row.LastActivityAt.UtcTicks}:{row.Head.Conversation.Value}")));

    private static bool TryReadToken(string? token, out ConversationListPosition? start)
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
        if (colon < 0 || !long.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.UtcTicks || !IdRules.IsValid(text[(colon + 1)..]))
        {
            return false;
        }

        start = new ConversationListPosition(new DateTimeOffset(ticks, TimeSpan.Zero), text[(colon + 1)..]);
        return true;
    }
}
