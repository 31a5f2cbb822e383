using System.Collections.Concurrent;
using ChatKit.Groups;
using ChatKit.LastSeen;
using ChatKit.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Delivery;

/// <summary>Takes hints from the backplane to the connections this node holds: members from the cache, sessions from the table, no read of
/// directory or registry a message.</summary>
internal sealed class NodeDelivery(
    SessionTable sessions, MembershipService memberships, PresenceService presence, UnreadTeller unread,
    SessionManager manager, RevocationSweep revocations, IOptions<ChatKitOptions> options, ILogger<NodeDelivery> logger) : IBackplaneHandler
{
    private const int ReachedLimit = 100_000;

    /// <summary>Of a large group so many members' connections begin to write before the next are looked at.</summary>
    private const int Part = 32;

    private readonly ConcurrentDictionary<ConversationId, (long From, long To)> reached = new();

    public async ValueTask OnMessagesAsync(IReadOnlyList<BackplaneMessage> messages)
    {
        var reads = new Dictionary<(ConversationId, UserId), (MembershipView View, Receipt Receipt)>();
        var mayWait = AreMany(messages);
        foreach (var message in messages)
        {
            try
            {
                await HandleAsync(message, reads, mayWait).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // A hint may be lost: the feed's reader wakes whom it would have reached.
                DeliveryLog.HintFailed(logger, exception);
            }
        }

        if (reads.Count == 0)
        {
            return;
        }

        try
        {
            await unread.TellAsync(reads.Values).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Clients ask, or learn it with the next move.
            DeliveryLog.HintFailed(logger, exception);
        }
    }

    public async ValueTask OnInterruptedAsync()
    {
        foreach (var session in sessions.All)
        {
            try
            {
                await manager.PullAllAsync(session, CancellationToken.None).ConfigureAwait(false);
            }
            catch (ChatStoreException exception)
            {
                DeliveryLog.PullFailed(logger, session.Device, exception);
            }
        }
    }

    /// <summary>Whether hints of all these entries were handled, so that the feed's reader need not repeat them. Hints of later ones say nothing about them: the host that stored
    /// them may have died before it handed them on.</summary>
    public bool HasReached(ConversationId conversation, long from, long to) => reached.TryGetValue(conversation, out var range) && range.From <= from && to <= range.To;

    /// <summary>The feed's reader is past an entry, and will not ask for it again.</summary>
    public void Passed(ConversationId conversation, long to)
    {
        if (reached.TryGetValue(conversation, out var range) && range.To <= to)
        {
            reached.TryRemove(new KeyValuePair<ConversationId, (long From, long To)>(conversation, range));
        }
    }

    /// <summary>Whether so many marks moved at once that they need not each leave in a write of its own, and their flush has left the time to wait.</summary>
    private bool AreMany(IReadOnlyList<BackplaneMessage> messages)
    {
        var marks = 0;
        foreach (var message in messages)
        {
            marks += message is ReceiptsMoved moved ? moved.Receipts.Count : 0;
        }

        return marks > ReceiptService.ManyMarks && options.Value.ReceiptFlushInterval <= ReceiptService.MostInterval;
    }

    private ValueTask HandleAsync(
        BackplaneMessage message, Dictionary<(ConversationId, UserId), (MembershipView View, Receipt Receipt)> reads, bool mayWait) => message switch
        {
            EntriesAppended appended => OnEntriesAsync(appended),
            ReceiptsMoved moved => OnReceiptsAsync(moved, reads, mayWait),
            TypingChanged typing => OnTypingAsync(typing),
            PresenceChanged changed => OnPresence(changed),
            DeviceRevoked revoked => OnRevoked(revoked),
            _ => ValueTask.CompletedTask, // Of a later version: hints may be lost.
        };

    private async ValueTask OnEntriesAsync(EntriesAppended appended)
    {
        if (!sessions.IsEmpty)
        {
            var view = await memberships.GetAsync(appended.Conversation, appended.MembershipVersion, CancellationToken.None).ConfigureAwait(false);
            unread.Note(appended);
            if (view is not null)
            {
                Offer(appended, view);
            }
        }

        if (reached.Count > ReachedLimit)
        {
            reached.Clear(); // Costs the feed's reader a repetition.
        }

        reached.AddOrUpdate(appended.Conversation, static (_, hint) => hint, static (_, old, hint) => Join(old, hint), (appended.From, appended.To));
    }

    /// <summary>What follows is joined; after a gap only the later range is kept, and the reader repeats the earlier one.</summary>
    private static (long From, long To) Join((long From, long To) old, (long From, long To) hint) =>
        hint.From > old.To + 1 ? hint : hint.To < old.From - 1 ? old : (Math.Min(old.From, hint.From), Math.Max(old.To, hint.To));

    private void Offer(EntriesAppended appended, MembershipView view)
    {
        OutgoingEvent[]? events = null;
        var members = view.Membership.Members;
        var waiting = PumpCork.Waiting;
        for (var i = 0; i < members.Count; i++)
        {
            OfferTo(members[i].User, members[i]);
            if (i % Part == Part - 1)
            {
                PumpCork.Release(waiting);
            }
        }

        Credit(appended);

        // Those the entries removed still see their removal.
        foreach (var entry in appended.Entries ?? [])
        {
            if (entry.Header.Kind == EntryKind.Membership)
            {
                foreach (var change in MembershipChange.FromBody(entry.Body.Span).Members)
                {
                    var user = new UserId(change.User, appended.Conversation.Tenant);
                    if (!view.Contains(user))
                    {
                        OfferTo(user, member: null);
                    }
                }
            }
        }

        void OfferTo(UserId user, Member? member)
        {
            if (sessions.TryGet(user, out var found))
            {
                events ??= EventsOf(appended.Entries);
                foreach (var session in found)
                {
                    session.Pump.Offer(appended.Conversation, appended.From, appended.To, view, member, events);
                }
            }
        }
    }

    /// <summary>Authors are told of receipts; see <see cref="ChatKitOptions.ReceiptsToAllMembers"/>.</summary>
    private void Credit(EntriesAppended appended)
    {
        foreach (var entry in appended.Entries ?? [])
        {
            if (sessions.TryGet(entry.Sender, out var found))
            {
                foreach (var session in found)
                {
                    session.Pump.Wrote(appended.Conversation, entry.Seq);
                }
            }
        }
    }

    private static OutgoingEvent[]? EventsOf(IReadOnlyList<LogEntry>? entries)
    {
        if (entries is null)
        {
            return null;
        }

        var events = new OutgoingEvent[entries.Count];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = WireMapper.EntryEvent(entries[i]);
        }

        return events;
    }

    private async ValueTask OnReceiptsAsync(
        ReceiptsMoved moved, Dictionary<(ConversationId, UserId), (MembershipView View, Receipt Receipt)> reads, bool mayWait)
    {
        if (sessions.IsEmpty)
        {
            return;
        }

        var view = await memberships.GetAsync(moved.Conversation, moved.MembershipVersion, CancellationToken.None).ConfigureAwait(false);
        if (view is null)
        {
            return;
        }

        Tell(moved, view, reads, mayWait);
    }

    private void Tell(ReceiptsMoved moved, MembershipView view, Dictionary<(ConversationId, UserId), (MembershipView View, Receipt Receipt)> reads, bool mayWait)
    {
        using var cork = PumpCork.Begin();
        OutgoingEvent? outgoing = null;
        var toAll = view.Membership.Members.Count <= options.Value.ReceiptsToAllMembers;
        var to = toAll ? 0 : moved.Receipts.Max(static receipt => receipt.Delivered);
        foreach (var member in view.Membership.Members)
        {
            if (sessions.TryGet(member.User, out var found))
            {
                foreach (var session in found)
                {
                    if (toAll || session.Pump.IsAuthorWithin(moved.Conversation, moved.From, to))
                    {
                        outgoing ??= WireEvents.Receipts(moved.Conversation, moved.Receipts);
                        session.Pump.Post(outgoing, mayWait);
                    }
                }
            }
        }

        foreach (var receipt in moved.Receipts)
        {
            if (receipt.Read == 0)
            {
                continue;
            }

            // The count of an earlier mark may not come after that of a later one.
            reads.Remove((receipt.Conversation, receipt.User));
            if (!unread.TryTell(view, receipt, mayWait))
            {
                reads.Add((receipt.Conversation, receipt.User), (view, receipt));
            }
        }
    }

    private async ValueTask OnTypingAsync(TypingChanged typing)
    {
        var view = await memberships.GetAsync(typing.Conversation, 0, CancellationToken.None).ConfigureAwait(false);
        if (view is null)
        {
            return;
        }

        var outgoing = WireEvents.Typing(typing.Conversation, typing.User, typing.Until);
        foreach (var member in view.Membership.Members)
        {
            if (member.User != typing.User && sessions.TryGet(member.User, out var found))
            {
                foreach (var session in found)
                {
                    session.Pump.Post(outgoing);
                }
            }
        }
    }

    private ValueTask OnPresence(PresenceChanged changed)
    {
        presence.OnChanged(changed);
        return ValueTask.CompletedTask;
    }

    private ValueTask OnRevoked(DeviceRevoked revoked)
    {
        revocations.End([revoked.Device]);
        return ValueTask.CompletedTask;
    }
}
