using ChatKit.Wire;

namespace ChatKit.Client;

/// <summary>A conversation to write to and read from. A light handle: make as many as you like. Thread-safe.</summary>
/// <remarks>Everything that writes the log (send, edit, delete, members, leave) goes through the outbox: it survives lost connections, keeps the order
/// of the calls, and is stored once however often it is sent. Cancelling then stops only the waiting.</remarks>
public sealed class ChatConversation
{
    private static readonly TimeSpan TypingInterval = TimeSpan.FromSeconds(2);

    private readonly ClientEngine engine;
    private readonly ConversationId? id;
    private readonly UserId? user;
    private long? lastTyping;

    internal ChatConversation(ClientEngine engine, ConversationId? id, UserId? user)
    {
        this.engine = engine;
        this.id = id;
        this.user = user;
    }

    /// <summary>The id; null for a direct conversation whose id the client has not learnt yet (the first accepted message tells it).</summary>
    public ConversationId? Id
    {
        get
        {
            if (user is not { } other)
            {
                return id;
            }

            lock (engine.State.Gate)
            {
                return engine.State.Directs.Find(other.Value) is { } known ? new ConversationId(known) : null;
            }
        }
    }

    /// <summary>The newest messages in the cache in their present state, oldest first, then those of this client that are unanswered or refused
    /// (<see cref="ChatMessage.Status"/>). What was never received or read is missing: use <see cref="GetMessagesAsync"/>. After a restart of the app
    /// they are there when <see cref="ChatClient.LoadAsync"/> is complete.</summary>
    public IReadOnlyList<ChatMessage> CachedMessages
    {
        get
        {
            lock (engine.State.Gate)
            {
                return [.. Cached()?.Messages ?? [], .. engine.State.Outbox.All().Where(IsHere).Select(static i => i.Echo!)];
            }
        }
    }

    /// <summary>The members' marks this client has heard of since it started.</summary>
    public IReadOnlyList<Receipt> CachedReceipts
    {
        get
        {
            lock (engine.State.Gate)
            {
                return Cached()?.Receipts ?? [];
            }
        }
    }

    /// <summary>How many messages are unread; null before the server said so.</summary>
    public long? CachedUnread
    {
        get
        {
            lock (engine.State.Gate)
            {
                return Cached()?.Unread;
            }
        }
    }

    /// <summary>Sends a text. Returns when it is in the outbox and shown (<see cref="MessagePending"/>); <see cref="OutgoingMessage.Accepted"/> tells the rest.</summary>
    /// <param name="text">The text, not empty.</param>
    /// <param name="cancellationToken">Cancels before it is in the outbox, not afterwards.</param>
    /// <returns>The message on its way.</returns>
    /// <exception cref="ArgumentException">The text is empty or not well-formed Unicode.</exception>
    /// <exception cref="ChatClientException"><see cref="ChatErrorCode.Overloaded"/>: the outbox is full; <see cref="ChatErrorCode.Unavailable"/>: the store cannot
    /// keep it (no space, say). Nothing is sent then.</exception>
    public Task<OutgoingMessage> SendAsync(string text, CancellationToken cancellationToken = default) =>
        SendAsync(Command(CommandTags.Send).WithText(text), cancellationToken);

    /// <summary>Sends bytes of another type than text.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="contentType">Their MIME type, for example <c>application/json</c>; not <c>text/*</c>.</param>
    /// <param name="cancellationToken">Cancels before it is in the outbox, not afterwards.</param>
    /// <returns>The message on its way.</returns>
    /// <exception cref="ChatClientException"><see cref="ChatErrorCode.Overloaded"/>: the outbox is full; <see cref="ChatErrorCode.Unavailable"/>: the store cannot
    /// keep it (no space, say). Nothing is sent then.</exception>
    public Task<OutgoingMessage> SendAsync(ReadOnlyMemory<byte> body, string contentType, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        return SendAsync(
            Command(CommandTags.Send) with { Data = Convert.ToBase64String(body.Span), ContentType = contentType }, cancellationToken);
    }

    /// <summary>Gives an own message a new text.</summary>
    /// <param name="seq">The message.</param>
    /// <param name="text">The whole new text.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The position of the edit, when it is in the log.</returns>
    /// <exception cref="ChatClientException">Refused for good (<see cref="ChatErrorCode.Forbidden"/>, <see cref="ChatErrorCode.TargetGone"/> …), or given up.</exception>
    public Task<SentMessage> EditAsync(long seq, string text, CancellationToken cancellationToken = default) =>
        ChangeAsync(CommandTags.Edit, f => f.WithText(text) with { Seq = seq }, cancellationToken);

    /// <summary>Deletes an own message for everyone.</summary>
    /// <param name="seq">The message.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The position of the deletion, when it is in the log.</returns>
    /// <exception cref="ChatClientException">Refused for good, or given up.</exception>
    public Task<SentMessage> DeleteAsync(long seq, CancellationToken cancellationToken = default) =>
        ChangeAsync(CommandTags.Delete, f => f with { Seq = seq }, cancellationToken);

    /// <summary>Adds members to a group.</summary>
    /// <param name="users">Whom.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The position of the change, when it is in the log.</returns>
    /// <exception cref="ChatClientException">Refused for good, or given up.</exception>
    public Task<SentMessage> AddMembersAsync(IEnumerable<UserId> users, CancellationToken cancellationToken = default) =>
        ChangeAsync(CommandTags.AddMembers, f => f.WithUsers(users), cancellationToken);

    /// <summary>Removes members from a group.</summary>
    /// <param name="users">Whom.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The position of the change, when it is in the log.</returns>
    /// <exception cref="ChatClientException">Refused for good, or given up.</exception>
    public Task<SentMessage> RemoveMembersAsync(IEnumerable<UserId> users, CancellationToken cancellationToken = default) =>
        ChangeAsync(CommandTags.RemoveMembers, f => f.WithUsers(users), cancellationToken);

    /// <summary>Leaves a group.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The position of the change, when it is in the log.</returns>
    /// <exception cref="ChatClientException">Refused for good, or given up.</exception>
    public Task<SentMessage> LeaveAsync(CancellationToken cancellationToken = default) =>
        ChangeAsync(CommandTags.Leave, static f => f, cancellationToken);

    /// <summary>The user was shown everything up to a message. The highest mark is kept in the store and told again after reconnecting, until the server
    /// has it; <see cref="UnreadUpdated"/> follows.</summary>
    /// <param name="seq">The last message shown.</param>
    /// <param name="cancellationToken">Cancels finding out the id of a direct conversation.</param>
    /// <returns>A task that completes when the mark is on its way.</returns>
    /// <exception cref="ChatClientException">A direct conversation that does not exist yet, or cannot be asked for now; or the store could not keep the
    /// mark, which is on its way all the same.</exception>
    public async Task MarkReadAsync(long seq, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seq);
        await engine.LoadAsync(cancellationToken);
        engine.State.MarkRead((await ResolveAsync(cancellationToken)).Value, seq);
        await engine.FlushAsync("The mark is on its way, but not kept.", cancellationToken);
    }

    /// <summary>The user types, or stopped. Call it with every key: what was said in the last two seconds is not said again, and without a connection
    /// or a conversation nothing is.</summary>
    /// <param name="typing">Whether the user types.</param>
    public void ReportTyping(bool typing = true)
    {
        var time = engine.State.Options.TimeProvider;
        if (Id is not { } conversation || (typing && lastTyping is { } last && time.GetElapsedTime(last) < TypingInterval))
        {
            return;
        }

        if (engine.State.TrySend(new CommandFrame { T = CommandTags.Typing, Conversation = conversation.Value, Typing = typing }))
        {
            lastTyping = typing ? time.GetTimestamp() : null;
        }
    }

    /// <summary>Reads a page of messages in their present state.</summary>
    /// <param name="query">Which; null for the newest.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ChatClientException">Refused, or <see cref="ChatErrorCode.Unavailable"/>: no connection or no answer in time.</exception>
    public async Task<HistoryPage> GetMessagesAsync(HistoryQuery? query = null, CancellationToken cancellationToken = default)
    {
        query ??= new HistoryQuery();
        var answer = await engine.RequestAsync(
            Command(CommandTags.Messages) with
            {
                Before = query.Before,
                After = query.After,
                BeforeTime = query.BeforeTime,
                AfterTime = query.AfterTime,
                Limit = query.Limit,
                ScreenSize = query.Screen is { } screen ? string.Create(null, $"{screen.Width}x{screen.Height}") : null,
            },
            cancellationToken);
        var page = engine.State.Learn(Replies.Read(answer.Messages, WireMap.Page), user);
        await engine.Loop.FlushAsync(cancellationToken);
        return page;
    }

    /// <summary>Reads the conversation with its members.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The conversation.</returns>
    /// <exception cref="ChatClientException">Refused, or <see cref="ChatErrorCode.Unavailable"/>: no connection or no answer in time.</exception>
    public async Task<ConversationInfo> GetInfoAsync(CancellationToken cancellationToken = default)
    {
        var answer = await engine.RequestAsync(Command(CommandTags.Conversation), cancellationToken);
        var info = Replies.Read(answer.Details, WireMap.Conversation);
        return engine.State.Learn(info, user);
    }

    /// <summary>Reads how far the members have got.</summary>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>One receipt a member.</returns>
    /// <exception cref="ChatClientException">Refused, or <see cref="ChatErrorCode.Unavailable"/>: no connection or no answer in time.</exception>
    public async Task<IReadOnlyList<Receipt>> GetReceiptsAsync(CancellationToken cancellationToken = default)
    {
        var conversation = await ResolveAsync(cancellationToken);
        var answer = await engine.RequestAsync(Command(CommandTags.Receipts), cancellationToken);
        return engine.State.Learn(Replies.Read(answer.Receipts, r => (IReadOnlyList<Receipt>)[.. r.Select(m => WireMap.Receipt(conversation, m))]));
    }

    /// <summary>Reads who has got and who has read one message: k of n, and who.</summary>
    /// <param name="seq">The message.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ChatClientException">Refused, or <see cref="ChatErrorCode.Unavailable"/>: no connection or no answer in time.</exception>
    public async Task<MessageProgress> GetReceiptsAsync(long seq, CancellationToken cancellationToken = default)
    {
        var answer = await engine.RequestAsync(Command(CommandTags.Receipts) with { Seq = seq }, cancellationToken);
        return Replies.Read(answer.MessageReceipts, WireMap.Progress);
    }

    private CommandFrame Command(string tag) => new() { T = tag, Id = CommandId.New().Value, Conversation = id?.Value, To = user?.Value };

    private async Task<OutgoingMessage> SendAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
        var item = await engine.SubmitAsync(frame, cancellationToken);
        return new OutgoingMessage(item.Echo!, item.Accepted.Task);
    }

    private async Task<SentMessage> ChangeAsync(string tag, Func<CommandFrame, CommandFrame> fill, CancellationToken cancellationToken)
    {
        var conversation = await ResolveAsync(cancellationToken);
        var item = await engine.SubmitAsync(
            fill(new CommandFrame { T = tag, Id = CommandId.New().Value, Conversation = conversation.Value }), cancellationToken);
        return await item.Accepted.Task.WaitAsync(cancellationToken);
    }

    private async Task<ConversationId> ResolveAsync(CancellationToken cancellationToken) =>
        Id ?? (await GetInfoAsync(cancellationToken)).Id;

    private Cache.ConversationCache? Cached() => Id is { } known ? engine.State.FindCache(known.Value) : null;

    private bool IsHere(Outbox.OutboxItem item) => item.Echo is { } echo
        && ((user is not null && echo.To == user) || (echo.Conversation is { } c && c == Id)
            || (echo.To is { } to && Id is { } known && engine.State.Directs.Find(to.Value) == known.Value));
}
