using ChatKit.Client.Cache;
using ChatKit.Client.Connection;
using ChatKit.Client.Outbox;
using ChatKit.Client.Store;
using ChatKit.Client.Sync;
using ChatKit.Wire;

namespace ChatKit.Client;

/// <summary>Takes in what the server says: judge by position, persist, apply, tell the readers, acknowledge; in this order.</summary>
internal sealed class EventIntake(ClientState state, Keeper keeper)
{
    public async Task ReceiveAsync(HubLink link, EventFrame[] frames)
    {
        var moved = new Dictionary<string, long>(StringComparer.Ordinal);
        List<LogVerdict> verdicts;
        lock (state.Gate)
        {
            if (state.Link != link)
            {
                return;
            }

            verdicts = state.Cursors.Judge(frames, moved);
            Stage(frames, verdicts);
        }

        if (moved.Count > 0)
        {
            await keeper.SaveAsync(moved, CancellationToken.None);
        }

        lock (state.Gate)
        {
            if (state.Link != link)
            {
                // The store has them, the readers do not: without a position here they come again.
                return;
            }

            for (var i = 0; i < verdicts.Count; i++)
            {
                Take(link, frames[i], verdicts[i]);
            }
        }

        await keeper.FlushAsync(CancellationToken.None);
    }

    private void Stage(EventFrame[] frames, List<LogVerdict> verdicts)
    {
        var staging = new Staging(state);
        for (var i = 0; i < verdicts.Count; i++)
        {
            if (verdicts[i] == LogVerdict.Fresh && frames[i].Entry is { } entry)
            {
                Guarded(frames[i], () => staging.Add(entry));
            }
        }

        staging.Save(state.Unsaved);
    }

    private void Take(HubLink link, EventFrame frame, LogVerdict verdict)
    {
        if (verdict == LogVerdict.NotLog)
        {
            Guarded(frame, () => Live(link, frame));
            return;
        }

        var (conversation, first, last) = Cursors.Range(frame)!.Value;
        if (verdict == LogVerdict.Gap)
        {
            Log.Gap(state.Log, conversation, state.Cursors.Find(conversation), first);
            state.NoteGap(conversation);
            link.End(new LinkEnd(ChatErrorCode.Unavailable, "The server left out entries."));
            return;
        }

        if (verdict == LogVerdict.Fresh)
        {
            state.Cursors.Move(conversation, last);
            Guarded(frame, () => Logged(frame, new ConversationId(conversation), first, last));
        }

        state.Acks.Note(conversation, Math.Max(last, state.Cursors.Find(conversation) ?? last));
    }

    /// <summary>A malformed event is passed over: sent again, it would be no better.</summary>
    private void Guarded(EventFrame frame, Action take)
    {
        try
        {
            take();
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            Log.MalformedEvent(state.Log, frame.T, e);
        }
    }

    private void Live(HubLink link, EventFrame frame)
    {
        switch (frame.T)
        {
            case EventTags.Accepted:
                if (state.Outbox.Find(frame.Id) is { } item && frame is { Conversation: not null, Seq: { } seq })
                {
                    Accept(item, new ConversationId(frame.Conversation), seq, frame.At ?? default, frame.Duplicate == true, entryCame: false);
                }

                break;
            case EventTags.Refused:
                Refused(link, frame);
                break;
            case EventTags.Result:
                if (frame.Presence is { Count: > 0 })
                {
                    state.Bus.Publish(new PresenceUpdated(WireMap.Presence(frame.Presence)));
                }

                state.Requests.Answer(frame);
                break;
            case EventTags.Receipts:
                Receipts(new ConversationId(frame.Conversation!), frame.Receipts ?? []);
                break;
            case EventTags.Unread:
                Unread(new ConversationId(frame.Conversation!), frame.Seq ?? 0, frame.Unread ?? 0);
                break;
            case EventTags.Typing:
                state.Typists.Set(new ConversationId(frame.Conversation!), new UserId(frame.User!),
                    frame.Until - state.Skew - state.Options.TimeProvider.GetUtcNow());
                break;
            case EventTags.Presence:
                state.Bus.Publish(new PresenceUpdated(WireMap.Presence(frame.Presence)));
                break;
            case EventTags.Goodbye:
                link.End(LinkEnd.FromServer(frame.Code, frame.Message, WireMap.RetryAfter(frame), goodbye: true));
                break;
            case EventTags.TokenExpiring when frame.Until is { } until:
                link.Renew(until - state.Skew);
                break;
            case EventTags.Entry or EventTags.Skip:
                Log.MalformedEvent(state.Log, frame.T, null);
                break;
            default:
                Log.UnknownEvent(state.Log, frame.T);
                break;
        }
    }

    private void Refused(HubLink link, EventFrame frame)
    {
        Log.Refused(state.Log, frame.Code, frame.Message, frame.Id, frame.Conversation);
        var error = WireMap.Refusal(frame);
        if (state.Requests.Fail(frame.Id, error) || state.Outbox.Find(frame.Id) is not { } item)
        {
            return;
        }

        if (error.Code is ChatErrorCode.HelloRequired or ChatErrorCode.Unauthenticated)
        {
            // Not a word about the command: the connection is not what the server takes it for. Everything is sent again on the next.
            link.End(LinkEnd.FromServer(frame.Code, frame.Message, error.RetryAfter, goodbye: true));
        }
        else if (error.IsTransient)
        {
            state.Outbox.Postpone(item, error.RetryAfter);
        }
        else
        {
            state.Outbox.Refuse(item, error);
        }
    }

    private void Accept(OutboxItem item, ConversationId conversation, long seq, DateTimeOffset at, bool duplicate, bool entryCame)
    {
        if (item.Frame.To is { } user)
        {
            state.Outbox.Learn(user, conversation.Value);
        }

        state.Outbox.Accept(item);
        item.Accepted.TrySetResult(new SentMessage(conversation, seq, at, new CommandId(item.Id), duplicate));
        if (item.Echo is not { } echo)
        {
            return;
        }

        var message = echo with { Conversation = conversation, Seq = seq, At = at, From = state.Directs.Me, Status = MessageStatus.Accepted };
        if (!entryCame && !(state.Cursors.Find(conversation.Value) >= seq))
        {
            state.Expected.Add(item.Id);
        }

        state.Cache(conversation.Value).Put(message);
        state.Bus.Publish(new MessageAccepted(message));
    }

    private void Receipts(ConversationId conversation, IReadOnlyList<WireReceipt> marks)
    {
        List<Receipt> moved = [.. marks.Select(r => WireMap.Receipt(conversation, r))];
        var cache = state.Cache(conversation.Value);
        moved.ForEach(cache.Mark);
        state.Bus.Publish(new ReceiptsUpdated(conversation, moved));
    }

    private void Unread(ConversationId conversation, long read, long unread)
    {
        state.MarkConfirmed(conversation.Value, read);
        state.Cache(conversation.Value).SetUnread(read, unread);
        state.Bus.Publish(new UnreadUpdated(conversation, read, unread));
    }

    private void Logged(EventFrame frame, ConversationId conversation, long first, long last)
    {
        if (frame.Entry is not { } entry)
        {
            state.Bus.Publish(new EntriesSkipped(conversation, first, last));
            return;
        }

        // The entry may be faster than `accepted`, or the only answer that survived a lost connection.
        var own = state.Directs.Me is { } me && entry.From == me.Value;
        var item = own ? state.Outbox.Find(entry.Id) : null;
        var echoed = item?.Echo is not null;
        if (item is not null)
        {
            Accept(item, conversation, entry.Seq, entry.At, duplicate: false, entryCame: true);
        }
        else if (own && entry.Id is not null)
        {
            echoed = state.Expected.Remove(entry.Id);
        }

        switch (entry.Kind)
        {
            case "message":
                Message(WireMap.Message(entry), conversation, own, echoed);
                break;
            case "edit" when entry.Target is { } target:
                var change = WireMap.Edit(entry, target);
                state.Bus.Publish(new MessageEdited(change, state.Cache(conversation.Value).Edit(change)));
                break;
            case "deletion" when entry.Target is { } target:
                Deleted(conversation, target, entry);
                break;
            case "membership" when entry.Change is { } made && WireMap.Action(made.Action) is { } action:
                Membership(conversation, entry, made, action);
                break;
            default:
                state.Bus.Publish(new OtherEntryReceived(entry));
                break;
        }
    }

    private void Message(ChatMessage message, ConversationId conversation, bool own, bool echoed)
    {
        var cache = state.Cache(conversation.Value);
        cache.Put(message);
        if (!echoed)
        {
            state.Bus.Publish(new MessageReceived(message));
        }

        if (own ? cache.ReadByWriting(message.Seq) : message is { Counts: true, IsDeleted: false } && cache.Count(1))
        {
            state.Bus.Publish(new UnreadUpdated(conversation, cache.Read, cache.Unread ?? 0));
        }
    }

    private void Deleted(ConversationId conversation, long target, WireEntry entry)
    {
        var cache = state.Cache(conversation.Value);
        var before = cache.Delete(target, entry.Seq);
        state.Bus.Publish(new MessageDeleted(conversation, target, new UserId(entry.From), entry.At));
        if (before is { Counts: true } && before.Seq > cache.Read && before.From != state.Directs.Me && cache.Count(-1))
        {
            state.Bus.Publish(new UnreadUpdated(conversation, cache.Read, cache.Unread ?? 0));
        }
    }

    private void Membership(ConversationId conversation, WireEntry entry, WireMembershipChange made, MembershipAction action)
    {
        ConversationKind? kind = made.Kind is null ? null : WireMap.Kind(made.Kind);
        if (action == MembershipAction.Created)
        {
            // Seen from the first entry on: nothing is unread yet.
            state.Cache(conversation.Value).SetUnread(0, 0);
            if (kind == ConversationKind.Direct && state.Directs.Me is { } me)
            {
                var other = made.Users.Append(entry.From).FirstOrDefault(u => u != me.Value) ?? me.Value;
                state.Outbox.Learn(other, conversation.Value);
            }
        }

        state.Bus.Publish(new MembershipUpdated(
            conversation, entry.Seq, entry.At, new UserId(entry.From), action, WireMap.Users(made.Users), kind, made.Title));
    }
}
