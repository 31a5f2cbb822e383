using ChatKit.Delivery;
using ChatKit.Messaging;
using ChatKit.Wire;

namespace ChatKit.Sessions;

/// <summary>One connection after Hello: takes its commands in order, answers as events. Commands come from one caller at a time,
/// as a hub gives them.</summary>
internal sealed class ChatSession
{
    public const int MaxFrames = 256;
    private const int MaxQueries = 32;
    private const int MaxPendingWrites = 4096;

    private static readonly ChatError TooManyPending = new(
        ChatErrorCode.Overloaded, $"At most {MaxPendingWrites} commands may be in flight on a connection.", TimeSpan.FromMilliseconds(200));

    private readonly Lock gate = new();
    private readonly Dictionary<ConversationId, SendLane> lanes = [];
    private readonly SessionServices services;
    private readonly SessionQueries queries;
    private readonly CancellationTokenSource closing = new();
    private int pendingWrites;
    private int pendingQueries;
    private bool begun;
    private int closed;
    private volatile ChatError? ending;
    private ChatError? draining;

    public ChatSession(SessionRecord record, bool background, ISessionTransport transport, SessionServices services, PumpServices pumps, int? window = null)
    {
        Record = record;
        Background = background;
        this.services = services;
        Pump = new SessionPump(record.Device, transport, pumps, window);
        queries = new SessionQueries(this, services);
    }

    public SessionRecord Record { get; }

    public DeviceId Device => Record.Device;

    public UserId User => Record.Device.User;

    public bool Background { get; }

    public SessionPump Pump { get; }

    /// <summary>Whether the registry and presence know of it.</summary>
    public bool Opened { get; set; }

    /// <summary>Whether it has said goodbye.</summary>
    public bool IsEnding => ending is not null;

    /// <summary>Who opened it and closes it.</summary>
    public required SessionManager Manager { get; init; }

    /// <summary>The connection is gone.</summary>
    public ValueTask CloseAsync() => Manager.CloseAsync(this);

    /// <summary>Says goodbye and ends the connection; commands that come from now on are refused with the same reason.</summary>
    public void EndWith(ChatError reason)
    {
        ending ??= reason;
        Pump.EndWith(reason);
    }

    /// <summary>As <see cref="EndWith"/>, but what was taken before is answered first.</summary>
    public void Drain(ChatError reason)
    {
        lock (gate)
        {
            ending ??= reason;
            draining ??= reason;
        }

        EndWhenAnswered();
    }

    /// <summary>Takes commands; returns when they are queued. The first call lets events out.</summary>
    public ValueTask ReceiveAsync(IReadOnlyList<CommandFrame> frames)
    {
        if (!begun)
        {
            begun = true;
            Pump.Begin();
        }

        if (frames.Count > MaxFrames)
        {
            Refuse(null, null, new ChatError(ChatErrorCode.TooLarge, $"At most {MaxFrames} commands at once."));
            return ValueTask.CompletedTask;
        }

        // The commands of one call are one batch, and begin to be stored on this thread.
        using var cork = WriterCork.Begin();
        foreach (var frame in frames)
        {
            if (frame is null)
            {
                Refuse(null, null, new ChatError(ChatErrorCode.Invalid, "A command is an object."));
                continue;
            }

            if (ending is { } reason)
            {
                Refuse(frame.Id, frame.Conversation, reason);
                continue;
            }

            Handle(frame);
        }

        return ValueTask.CompletedTask;
    }

    public bool MarkClosed()
    {
        if (Interlocked.Exchange(ref closed, 1) != 0)
        {
            return false;
        }

        closing.Cancel();
        return true;
    }

    public void Refuse(string? id, string? conversation, ChatError error) => Pump.Post(WireEvents.Refused(id, conversation, error));

    private void Handle(CommandFrame frame)
    {
        var limited = services.Limiter is { } limiter && CommandClasses.Of(frame.T) is { } kind ? limiter.Check(User, kind) : null;
        if (limited is not null && !CommandTags.WritesLog(frame.T))
        {
            Refuse(frame.Id, frame.Conversation, limited);
            return;
        }

        switch (frame.T)
        {
            case CommandTags.Ack:
                Ack(frame);
                break;
            case CommandTags.Send or CommandTags.Edit or CommandTags.Delete or CommandTags.CreateGroup or CommandTags.AddMembers
                or CommandTags.RemoveMembers or CommandTags.Leave or CommandTags.Withdraw:
                services.Presence.UserActive(User);
                Write(frame, limited);
                break;
            case CommandTags.Activity:
                services.Presence.UserActive(User);
                break;
            case CommandTags.Read or CommandTags.Typing:
                services.Presence.UserActive(User);
                Query(frame);
                break;
            case CommandTags.Watch or CommandTags.Messages or CommandTags.Conversations or CommandTags.Conversation or CommandTags.Receipts:
                Query(frame);
                break;
            default:
                Refuse(frame.Id, frame.Conversation, new ChatError(ChatErrorCode.UnknownCommand, "This server does not know the command."));
                break;
        }
    }

    private void Ack(CommandFrame frame)
    {
        foreach (var cursor in frame.Cursors ?? [])
        {
            if (cursor is not null && ConversationId.TryCreate(cursor.Conversation, User.Tenant, out var conversation)
                && Pump.Ack(conversation, cursor.Seq) is { } seq)
            {
                services.Receipts.MoveDevice(Device, conversation, seq);
            }
        }
    }

    private void Query(CommandFrame frame)
    {
        lock (gate)
        {
            if (pendingQueries >= MaxQueries)
            {
                Refuse(frame.Id, frame.Conversation, new ChatError(
                    ChatErrorCode.Overloaded, $"At most {MaxQueries} questions at a time on a connection.", TimeSpan.FromMilliseconds(200)));
                return;
            }

            pendingQueries++;
        }

        _ = AnswerAsync(frame);
    }

    private async Task AnswerAsync(CommandFrame frame)
    {
        try
        {
            if (await queries.AnswerAsync(frame, closing.Token).ConfigureAwait(false) is { } error)
            {
                Refuse(frame.Id, frame.Conversation, error);
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // The connection is gone: nobody waits for the answer.
        }
        catch (Exception exception)
        {
            DeliveryLog.CommandFailed(services.Logger, Device, exception);
            Refuse(frame.Id, frame.Conversation, WriteBatchProcessor.Unclear);
        }
        finally
        {
            lock (gate)
            {
                pendingQueries--;
            }

            EndWhenAnswered();
        }
    }

    private void Write(CommandFrame frame, ChatError? limited)
    {
        var parsed = FrameParser.Parse(frame, Device);
        if (!parsed.IsSuccess)
        {
            Refuse(frame.Id, frame.Conversation, parsed.Error);
            return;
        }

        var command = parsed.Value;
        lock (gate)
        {
            if (!lanes.TryGetValue(command.Conversation, out var lane))
            {
                lanes[command.Conversation] = lane = new SendLane();
            }

            var completion = new Answer(this, lane, command);
            lane.Pending++;
            pendingWrites++;
            limited ??= pendingWrites > MaxPendingWrites ? TooManyPending : null;
            lane.Tail = limited is not null
                ? RefuseInTurnAsync(lane.Tail, command, completion, lane, limited)
                : PrepareAsync(lane.Tail, command, completion, lane);
        }
    }

    /// <summary>Prepares after the command before it, so that the writer gets them in the order sent.</summary>
    private async Task PrepareAsync(Task before, ParsedCommand command, Answer completion, SendLane lane)
    {
        if (!before.IsCompleted)
        {
            await before.ConfigureAwait(false);
        }

        WriteItem item;
        try
        {
            var prepared = await command.PrepareAsync(services.Preparer, completion, lane, closing.Token).ConfigureAwait(false);
            item = prepared.IsSuccess ? prepared.Value : Refused(prepared.Error);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            item = Refused(WriteBatchProcessor.Unclear);
        }
        catch (Exception exception)
        {
            DeliveryLog.CommandFailed(services.Logger, Device, exception);
            item = Refused(WriteBatchProcessor.Unclear);
        }

        services.Writer.Enqueue(item);

        WriteItem Refused(ChatError error) => CommandPreparer.Refused(User, command.Conversation, command.Id, error, completion, lane);
    }

    /// <summary>A refusal for now is judged in its turn, so that later commands to the conversation are out of order (rule 6).</summary>
    private async Task RefuseInTurnAsync(Task before, ParsedCommand command, Answer completion, SendLane lane, ChatError error)
    {
        if (!before.IsCompleted)
        {
            await before.ConfigureAwait(false);
        }

        services.Writer.Enqueue(CommandPreparer.Refused(User, command.Conversation, command.Id, error, completion, lane));
    }

    private void Finish(SendLane lane, ConversationId conversation)
    {
        lock (gate)
        {
            pendingWrites--;
            if (--lane.Pending == 0 && lane.BlockedBy is null)
            {
                lanes.Remove(conversation);
            }
        }

        EndWhenAnswered();
    }

    private void EndWhenAnswered()
    {
        ChatError? reason;
        lock (gate)
        {
            reason = pendingWrites == 0 && pendingQueries == 0 ? draining : null;
        }

        if (reason is not null)
        {
            Pump.EndWith(reason);
        }
    }

    /// <summary>Tells the connection what became of a command.</summary>
    private sealed class Answer(ChatSession session, SendLane lane, ParsedCommand command) : IWriteCompletion
    {
        private int done;

        public void Accepted(SentMessage sent)
        {
            if (Interlocked.Exchange(ref done, 1) != 0)
            {
                return;
            }

            if (!command.IsWithdrawal)
            {
                session.Pump.Post(WireEvents.Accepted(command.Id.Value, sent));
            }

            // After the answer: of a session that drains, the last one is followed by the goodbye.
            session.Finish(lane, command.Conversation);
            if (command is ParsedMessage)
            {
                session.services.Typing.Stop(session.User, sent.Conversation);
            }
        }

        public void Refused(ChatError error)
        {
            if (Interlocked.Exchange(ref done, 1) != 0)
            {
                return;
            }

            session.Refuse(command.Id.Value, command.Conversation.Value, error);
            session.Finish(lane, command.Conversation);
        }
    }
}
