using ChatKit.Groups;

namespace ChatKit.Delivery;

/// <summary>How far members have got, and who has got and read one message.</summary>
internal sealed class ReceiptQueries(IMessageStore store, IReceiptStore marks, ReceiptService receipts, MembershipService memberships)
{
    /// <summary>More membership entries after a message than this are not walked back.</summary>
    private const int MaxSteps = 10_000;

    public async ValueTask<ChatResult<Receipt>> MarkReadAsync(UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken)
    {
        if (seq < 1)
        {
            return new ChatError(ChatErrorCode.Invalid, "seq: the last message shown, at least 1.");
        }

        var found = await FindAsync(user, conversation, cancellationToken).ConfigureAwait(false);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        receipts.Move(conversation, user, 0, Math.Min(seq, found.Value.Head.LastSeq)); // rule 8: read <= delivered <= last
        var stored = await marks.GetForUserAsync(user, [conversation], cancellationToken).ConfigureAwait(false);
        return receipts.WithPending(stored[0]);
    }

    public async ValueTask<ChatResult<IReadOnlyList<Receipt>>> GetAsync(UserId user, ConversationId conversation, CancellationToken cancellationToken)
    {
        var found = await FindAsync(user, conversation, cancellationToken).ConfigureAwait(false);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var stored = await StoredAsync(conversation, cancellationToken).ConfigureAwait(false);
        return found.Value.View.Membership.Members
            .Select(member => stored.GetValueOrDefault(member.User, new Receipt(conversation, member.User, 0, 0)))
            .ToList();
    }

    public async ValueTask<ChatResult<MessageReceipts>> GetForMessageAsync(UserId user, ConversationId conversation, long seq, CancellationToken cancellationToken)
    {
        var found = await FindAsync(user, conversation, cancellationToken).ConfigureAwait(false);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var (head, view) = found.Value;
        var visible = await memberships.GetVisibilityAsync(conversation, user, head.MembershipVersion, cancellationToken).ConfigureAwait(false);
        var entries = (await store.ReadAsync([new LogRange(conversation, seq, seq, 1)], cancellationToken).ConfigureAwait(false))[0];
        if (entries.Count == 0 || entries[0].Header.Kind != EntryKind.Message || !visible.Contains(seq))
        {
            return new ChatError(ChatErrorCode.NotFound, $"There is no message {seq}.");
        }

        var recipients = await MembersAtAsync(view, seq, cancellationToken).ConfigureAwait(false);
        recipients.Remove(entries[0].Sender);
        var stored = await StoredAsync(conversation, cancellationToken).ConfigureAwait(false);
        var ordered = recipients.OrderBy(recipient => recipient.Value, IdOrder.Comparer).ToList();
        return new MessageReceipts(
            ordered,
            [.. ordered.Where(recipient => stored.TryGetValue(recipient, out var mark) && mark.Delivered >= seq)],
            [.. ordered.Where(recipient => stored.TryGetValue(recipient, out var mark) && mark.Read >= seq)]);
    }

    private async ValueTask<ChatResult<(LogHead Head, MembershipView View)>> FindAsync(UserId user, ConversationId conversation, CancellationToken cancellationToken)
    {
        if (conversation.Tenant != user.Tenant)
        {
            return MembershipRules.NotMember;
        }

        var head = (await store.GetHeadsAsync([conversation], cancellationToken).ConfigureAwait(false))[0];
        var view = head is null ? null : await memberships.GetAsync(conversation, head.MembershipVersion, cancellationToken).ConfigureAwait(false);
        return view is null || !view.Contains(user) ? MembershipRules.NotMember : (head!, view);
    }

    /// <summary>Only what is flushed is shown to others (rule 8), so nothing pending is mixed in.</summary>
    private async ValueTask<Dictionary<UserId, Receipt>> StoredAsync(ConversationId conversation, CancellationToken cancellationToken) =>
        (await marks.GetAsync([conversation], cancellationToken).ConfigureAwait(false))[0].ToDictionary(mark => mark.User);

    /// <summary>The receivers of entry n are the members at n (rule 7): the present ones, with every later change taken back.</summary>
    private async ValueTask<HashSet<UserId>> MembersAtAsync(MembershipView view, long seq, CancellationToken cancellationToken)
    {
        var members = view.Membership.Members.Select(member => member.User).ToHashSet();
        var version = view.Version;
        for (var step = 0; step < MaxSteps && version > seq; step++)
        {
            var entries = (await store.ReadAsync([new LogRange(view.Membership.Conversation, version, version, 1)], cancellationToken).ConfigureAwait(false))[0];
            if (entries.Count == 0)
            {
                break;
            }

            var change = MembershipChange.FromBody(entries[0].Body.Span);
            foreach (var member in change.Members)
            {
                var user = new UserId(member.User, view.Membership.Conversation.Tenant);
                if (change.Action is MembershipAction.Removed or MembershipAction.Left)
                {
                    members.Add(user);
                }
                else if (change.Action is MembershipAction.Added or MembershipAction.Created)
                {
                    members.Remove(user);
                }
            }

            version = entries[0].MembershipVersion;
        }

        return members;
    }
}
