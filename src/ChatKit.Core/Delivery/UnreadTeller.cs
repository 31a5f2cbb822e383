using ChatKit.Groups;
using ChatKit.Sessions;

namespace ChatKit.Delivery;

/// <summary>Tells users' own devices what is left unread when their read marks move: of many marks at once, and without asking the store where
/// everything is read.</summary>
internal sealed class UnreadTeller(SessionTable sessions, MembershipService memberships, IMessageStore store, TimeProvider time)
{
    private const int MostSpans = 500;
    private readonly RecentCounts recent = new(time);

    /// <summary>Entries are about to be delivered.</summary>
    public void Note(EntriesAppended appended) => recent.Add(appended);

    /// <summary>Tells what is unread when that needs no look into the store, since it is nothing or among the newest entries: at once, so that it leaves in one write
    /// with the mark itself.</summary>
    /// <returns>Whether nothing is left to tell; otherwise it is for <see cref="TellAsync"/>.</returns>
    public bool TryTell(MembershipView view, Receipt receipt, bool mayWait)
    {
        if (!view.TryGet(receipt.User, out var member) || KnownOf(receipt) is not { } known)
        {
            return true;
        }

        var count = 0L;
        if (known > receipt.Read && !(SeesAll(view, member, receipt) && recent.TryCount(receipt.Conversation, receipt.Read, known, out count)))
        {
            return false;
        }

        Post(receipt, count, mayWait);
        return true;
    }

    /// <summary>Awaited before further entries are delivered: a count that is told after an entry it does not contain would take that entry away.</summary>
    public async ValueTask TellAsync(IReadOnlyCollection<(MembershipView View, Receipt Receipt)> marks)
    {
        var spans = new List<LogSpan>();
        var asked = new List<(Receipt Receipt, int End)>();
        foreach (var (view, receipt) in marks)
        {
            // It may have changed since TryTell left it to this.
            if (!view.TryGet(receipt.User, out var member) || KnownOf(receipt) is not { } known)
            {
                continue;
            }

            var visible = SeesAll(view, member, receipt)
                ? Visibility.Since(1)
                : await memberships.GetVisibilityAsync(receipt.Conversation, receipt.User, member.Joined, CancellationToken.None).ConfigureAwait(false);
            spans.AddRange(visible.Clip(receipt.Conversation, receipt.Read, known));
            asked.Add((receipt, spans.Count));
            if (spans.Count >= MostSpans)
            {
                await CountAsync(spans, asked).ConfigureAwait(false);
            }
        }

        if (asked.Count > 0)
        {
            await CountAsync(spans, asked).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the user sees all that lies behind his mark; who has not left since does, and needs no look into the directory.</summary>
    private static bool SeesAll(MembershipView view, Member member, Receipt receipt) =>
        view.Membership.Kind == ConversationKind.Direct || SessionPump.Sees(view, member, receipt.Read + 1);

    private async ValueTask CountAsync(List<LogSpan> spans, List<(Receipt Receipt, int End)> asked)
    {
        var counts = await store.CountAsync(spans, CancellationToken.None).ConfigureAwait(false);
        Post(asked, counts);
        spans.Clear();
        asked.Clear();
    }

    private void Post(List<(Receipt Receipt, int End)> asked, IReadOnlyList<long> counts)
    {
        using var cork = PumpCork.Begin();
        var next = 0;
        foreach (var (receipt, end) in asked)
        {
            var unread = 0L;
            for (; next < end; next++)
            {
                unread += counts[next];
            }

            Post(receipt, unread, mayWait: false);
        }
    }

    /// <summary>How far the user's devices here know the log, null without any; what they learn of later they count themselves.</summary>
    private long? KnownOf(Receipt receipt)
    {
        if (!sessions.TryGet(receipt.User, out var found))
        {
            return null;
        }

        long? known = null;
        foreach (var session in found)
        {
            if (session.Pump.KnownOf(receipt.Conversation) is { } one)
            {
                known = Math.Max(known ?? 0, one);
            }
        }

        return known ?? long.MaxValue;
    }

    private void Post(Receipt receipt, long unread, bool mayWait)
    {
        if (sessions.TryGet(receipt.User, out var found))
        {
            var outgoing = WireEvents.Unread(receipt.Conversation, receipt.Read, unread);
            foreach (var session in found)
            {
                session.Pump.Post(outgoing, mayWait);
            }
        }
    }
}
