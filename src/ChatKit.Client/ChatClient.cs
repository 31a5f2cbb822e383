using ChatKit.Wire;

namespace ChatKit.Client;

/// <summary>One device of one signed-in user: connects, stays connected, sends, receives.
/// All members may be called from any thread at any time; what is sent before <see cref="StartAsync"/> or without a connection waits in the outbox.</summary>
/// <remarks>Outbox, positions and newest messages are kept in <see cref="ChatClientOptions.Store"/>. A command is sent when the store has it, and an entry is
/// acknowledged to the server when the store has it; then it is handed to the readers of <see cref="Events"/>. An app that was killed in between finds
/// it in <see cref="ChatConversation.CachedMessages"/>.</remarks>
public sealed class ChatClient : IAsyncDisposable
{
    private readonly ClientEngine engine;

    /// <summary>Creates a client; it does nothing before <see cref="StartAsync"/>.</summary>
    /// <param name="options">What it needs to know.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message says which and what would mend it.</exception>
    public ChatClient(ChatClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        engine = new ClientEngine(options);
    }

    /// <summary>Where the client stands now; <see cref="ConnectionChanged"/> tells when that changes.</summary>
    public ChatConnectionState State
    {
        get
        {
            lock (engine.State.Gate)
            {
                return engine.State.State;
            }
        }
    }

    /// <summary>The signed-in user; null before the first welcome, or before <see cref="LoadAsync"/> when an earlier process was welcomed.</summary>
    public UserId? User
    {
        get
        {
            lock (engine.State.Gate)
            {
                return engine.State.Directs.Me;
            }
        }
    }

    /// <summary>Reads the store: afterwards <see cref="ChatConversation.CachedMessages"/> are there, also without a connection. <see cref="StartAsync"/>
    /// and everything that goes through the outbox call it by themselves; more than one call costs nothing.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>A task that completes when everything is read.</returns>
    /// <exception cref="ChatClientException">The store cannot be used; its <see cref="Exception.InnerException"/>, a <see cref="ClientStoreException"/>,
    /// says why. <see cref="ChatErrorCode.Unavailable"/>: a later call may succeed. <see cref="ChatErrorCode.Invalid"/>: it is damaged, in use by another
    /// client, or of a later version.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task LoadAsync(CancellationToken cancellationToken = default) => engine.LoadAsync(cancellationToken);

    /// <summary>Connects, and stays connected until <see cref="StopAsync"/>. Completes when the server has welcomed the device; while the server cannot
    /// be reached it keeps trying. When already started it waits for that welcome only.</summary>
    /// <param name="cancellationToken">Gives up, and stops the client.</param>
    /// <returns>A task that completes with the first welcome.</returns>
    /// <exception cref="ChatClientException">The server refused for good: <see cref="ChatErrorCode.Unauthenticated"/>,
    /// <see cref="ChatErrorCode.DeviceRevoked"/>, <see cref="ChatErrorCode.UnsupportedVersion"/>, <see cref="ChatErrorCode.Forbidden"/>, or
    /// <see cref="ChatErrorCode.NotFound"/> (no chat at this address); or the store cannot be used (as with <see cref="LoadAsync"/>). The client is
    /// stopped.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => engine.Loop.StartAsync(cancellationToken);

    /// <summary>Acknowledges what came and disconnects. Outbox and cache stay; <see cref="StartAsync"/> goes on with them.</summary>
    /// <param name="cancellationToken">Stops the waiting, not the stopping.</param>
    /// <returns>A task that completes when the client is disconnected.</returns>
    public Task StopAsync(CancellationToken cancellationToken = default) => engine.Loop.StopAsync().WaitAsync(cancellationToken);

    /// <summary>Takes a command back: a message that is refused or given up (it would be shown for ever), or one that is still unanswered. Later commands to
    /// the conversation may then pass (rule 6). <see cref="MessageWithdrawn"/> tells it, and its <see cref="OutgoingMessage.Accepted"/> is cancelled.</summary>
    /// <param name="command">The id: <see cref="OutgoingMessage.Command"/> or <see cref="ChatMessage.Command"/>.</param>
    /// <param name="cancellationToken">Stops the waiting for the store, not the withdrawal.</param>
    /// <returns>Whether there was such a command. One that was on its way may have been stored all the same; it then comes as <see cref="MessageReceived"/>.</returns>
    /// <exception cref="ChatClientException">It is withdrawn, but the store could not take that in: a restart of the app may bring it back.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public Task<bool> WithdrawAsync(CommandId command, CancellationToken cancellationToken = default) => engine.WithdrawAsync(command, cancellationToken);

    /// <summary>Everything that happens from this call on (not from the first read on), in order. Any number of readers; each gets every event.
    /// A reader that lags behind by more than <see cref="ChatClientOptions.EventBuffer"/> events gets a <see cref="ChatClientException"/> with
    /// <see cref="ChatErrorCode.SlowConsumer"/> after those it has room for. The stream ends when the client is disposed.</summary>
    /// <param name="cancellationToken">Ends the stream with <see cref="OperationCanceledException"/>; also frees a stream that is never read.</param>
    /// <returns>The events; read them once.</returns>
    public IAsyncEnumerable<ChatEvent> Events(CancellationToken cancellationToken = default) => engine.State.Bus.Subscribe(cancellationToken);

    /// <summary>The direct conversation with a user; it comes into being with the first message.</summary>
    /// <param name="user">The other user.</param>
    /// <returns>A handle; costs nothing.</returns>
    public ChatConversation Direct(UserId user) => new(engine, null, user);

    /// <summary>The direct conversation with a user; it comes into being with the first message.</summary>
    /// <param name="user">The other user's id.</param>
    /// <returns>A handle; costs nothing.</returns>
    /// <exception cref="ArgumentException">The id is empty, too long or malformed.</exception>
    public ChatConversation Direct(string user) => Direct(new UserId(user));

    /// <summary>A conversation of which the id is known.</summary>
    /// <param name="conversation">The id.</param>
    /// <returns>A handle; costs nothing.</returns>
    public ChatConversation Conversation(ConversationId conversation) => new(engine, conversation, null);

    /// <summary>Creates a group; the signed-in user becomes its owner. The command goes through the outbox.</summary>
    /// <param name="title">The title: 1 to 256 characters.</param>
    /// <param name="members">The first members beside the creator.</param>
    /// <param name="history">What later members see of the time before.</param>
    /// <param name="cancellationToken">Stops the waiting; once in the outbox the group is created all the same.</param>
    /// <returns>The group, when it is in the log.</returns>
    /// <exception cref="ChatClientException">Refused for good, or given up.</exception>
    public async Task<ChatConversation> CreateGroupAsync(
        string title, IEnumerable<UserId> members, GroupHistory history = GroupHistory.FromJoining, CancellationToken cancellationToken = default)
    {
        Bodies.CheckText(title, nameof(title));
        ArgumentNullException.ThrowIfNull(members);
        var item = await engine.SubmitAsync(
            new CommandFrame
            {
                T = CommandTags.CreateGroup,
                Id = CommandId.New().Value,
                Title = title,
                History = history == GroupHistory.All ? "all" : null,
            }.WithUsers(members),
            cancellationToken);
        var created = await item.Accepted.Task.WaitAsync(cancellationToken);
        return Conversation(created.Conversation);
    }

    /// <summary>Reads the conversations of the user, the last active first.</summary>
    /// <param name="page">The token of the page before; null for the first.</param>
    /// <param name="limit">How many at most: 1 to 200; null for the server's default.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ChatClientException">Refused, or <see cref="ChatErrorCode.Unavailable"/>: no connection or no answer in time.</exception>
    public async Task<ConversationList> GetConversationsAsync(string? page = null, int? limit = null, CancellationToken cancellationToken = default)
    {
        var answer = await engine.RequestAsync(
            new CommandFrame { T = CommandTags.Conversations, Id = CommandId.New().Value, Page = page, Limit = limit }, cancellationToken);
        return engine.State.Learn(Replies.Read(answer.Conversations, static p => new ConversationList([.. p.Conversations.Select(WireMap.Conversation)], p.Next)));
    }

    /// <summary>Reads one conversation with its members.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>The conversation.</returns>
    /// <exception cref="ChatClientException">Refused, or <see cref="ChatErrorCode.Unavailable"/>: no connection or no answer in time.</exception>
    public Task<ConversationInfo> GetConversationAsync(ConversationId conversation, CancellationToken cancellationToken = default) =>
        Conversation(conversation).GetInfoAsync(cancellationToken);

    /// <summary>Shows the presence of these users from now on (<see cref="PresenceUpdated"/>), and no longer of those before; also after reconnecting.</summary>
    /// <param name="users">At most 200; none ends it.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <returns>Their presence now.</returns>
    /// <exception cref="ChatClientException">Refused, or <see cref="ChatErrorCode.Unavailable"/>: no connection or no answer in time.</exception>
    public async Task<IReadOnlyList<Presence>> WatchPresenceAsync(IEnumerable<UserId> users, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(users);
        string[] ids = [.. users.Select(static u => u.Value)];
        var answer = await engine.RequestAsync(
            new CommandFrame { T = CommandTags.Watch, Id = CommandId.New().Value, Users = ids }, cancellationToken);
        engine.State.Watch(ids);
        return Replies.Read(answer.Presence ?? [], WireMap.Presence);
    }

    /// <summary>The user touched the app. Call it as often as you like: the server hears it once an interval of its choice, and only while connected.</summary>
    public void ReportActivity() => engine.State.ReportActivity();

    /// <summary>Stops, fails what is unanswered, and ends all streams of events.</summary>
    /// <returns>A task that completes when nothing of the client runs any more.</returns>
    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
