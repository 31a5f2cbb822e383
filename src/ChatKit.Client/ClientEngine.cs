using ChatKit.Client.Cache;
using ChatKit.Client.Connection;
using ChatKit.Client.Outbox;
using ChatKit.Client.Store;
using ChatKit.Client.Sync;
using ChatKit.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatKit.Client;

/// <summary>The state of a client, under one gate, and the loop that keeps it connected. Nothing waits or calls the app's code under the gate.</summary>
internal sealed class ClientEngine : IAsyncDisposable
{
    private const int MaxCursors = 10_000;
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private readonly IClientStore store;
    private readonly Backoff backoff;
    private readonly EventIntake intake;
    private readonly Dictionary<string, ConversationCache> caches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> readMarks = new(StringComparer.Ordinal);
    private IReadOnlyList<string>? watched;
    private string? incarnation;
    private bool loaded;
    private bool disposed;
    private TimeSpan activityInterval;
    private long? lastActivity;
    private TaskCompletionSource first = NewSignal();
    private TaskCompletionSource turned = NewSignal();
    private CancellationTokenSource? stop;
    private Task run = Task.CompletedTask;

    public ClientEngine(ChatClientOptions options, IClientStore store)
    {
        Options = options;
        this.store = store;
        Log = options.LoggerFactory?.CreateLogger<ChatClient>() ?? (ILogger)NullLogger.Instance;
        backoff = new Backoff(options.ReconnectBaseDelay, options.ReconnectMaxDelay, options.JitterSeed);
        Outbox = new CommandOutbox(Gate, options, backoff, Directs, IsKnown, Fail);
        Acks = new Acks(Gate, options.TimeProvider);
        Bus = new EventBus(Gate, options.EventBuffer);
        Typists = new Typists(Gate, options.TimeProvider, Bus.Publish);
        intake = new EventIntake(this, store);
    }

    public Lock Gate { get; } = new();

    public ChatClientOptions Options { get; }

    public ILogger Log { get; }

    public Directs Directs { get; } = new();

    public CommandOutbox Outbox { get; }

    public Cursors Cursors { get; } = new();

    public Acks Acks { get; }

    public EventBus Bus { get; }

    public Typists Typists { get; }

    public Requests Requests { get; } = new();

    public ChatConnectionState State { get; private set; }

    /// <summary>The connection that was welcomed and has not ended.</summary>
    public HubLink? Link { get; private set; }

    /// <summary>The server's clock minus this one.</summary>
    public TimeSpan Skew { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Task welcome;
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(ChatClient));
            if (State == ChatConnectionState.Stopped)
            {
                first = NewSignal();
                stop = new CancellationTokenSource();
                SetState(ChatConnectionState.Connecting, null);
                var token = stop.Token;
                run = Task.Run(() => RunAsync(token), CancellationToken.None);
            }

            welcome = first.Task;
        }

        try
        {
            await welcome.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await StopAsync();
            throw;
        }
    }

    public async Task StopAsync()
    {
        Task running;
        lock (Gate)
        {
            stop?.Cancel();
            running = run;
        }

        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        lock (Gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            foreach (var item in Outbox.All())
            {
                item.Accepted.TrySetException(new ChatClientException(ChatErrorCode.Unavailable,
                    "The client was disposed before the server answered; whether it was stored is open."));
            }

            Bus.Complete();
            stop?.Dispose();
        }
    }

    /// <summary>Puts a command into the outbox; it is on its way when this returns.</summary>
    public async Task<OutboxItem> SubmitAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
        OutboxItem item;
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(ChatClient));
            if (Outbox.Count >= Options.OutboxLimit)
            {
                throw new ChatClientException(ChatErrorCode.Overloaded, "The outbox is full (OutboxLimit): wait until some commands are accepted.");
            }

            var command = new StoredCommand(frame, Options.TimeProvider.GetUtcNow());
            item = Outbox.Add(command, WireMap.Echo(command) is { } echo ? echo with { From = Directs.Me } : null);
            if (item.Echo is not null)
            {
                Bus.Publish(new MessagePending(item.Echo));
            }
        }

        try
        {
            await store.AddAsync(item.Command, cancellationToken);
        }
        catch (Exception e)
        {
            lock (Gate)
            {
                Outbox.Remove(item);
                Fail(item, new ChatClientException(ChatErrorCode.Unavailable, "It could not be put into the outbox.", inner: e));
            }

            throw;
        }

        lock (Gate)
        {
            Outbox.MarkStored(item);
        }

        return item;
    }

    /// <summary>Asks the server; waits for a connection if there is none, all within the time-out of requests.</summary>
    public async Task<EventFrame> RequestAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Options.RequestTimeout, Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (true)
            {
                Task wait;
                Task<EventFrame>? answer = null;
                lock (Gate)
                {
                    ObjectDisposedException.ThrowIf(disposed, typeof(ChatClient));
                    if (State == ChatConnectionState.Stopped)
                    {
                        throw new ChatClientException(ChatErrorCode.Unavailable, "The client is stopped: call StartAsync.");
                    }

                    if (Link is { } link)
                    {
                        answer = Requests.Add(frame.Id!);
                        link.Enqueue(frame);
                    }

                    wait = turned.Task;
                }

                if (answer is not null)
                {
                    return await answer.WaitAsync(either.Token);
                }

                await wait.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatClientException(ChatErrorCode.Unavailable, $"No answer within {Options.RequestTimeout} (RequestTimeout).");
        }
        finally
        {
            lock (Gate)
            {
                Requests.Remove(frame.Id!);
            }
        }
    }

    /// <summary>Sends something whose loss does not matter; false without a connection.</summary>
    public bool TrySend(CommandFrame frame)
    {
        lock (Gate)
        {
            Link?.Enqueue(frame);
            return Link is not null;
        }
    }

    public void MarkRead(string conversation, long seq)
    {
        lock (Gate)
        {
            if (seq <= readMarks.GetValueOrDefault(conversation))
            {
                return;
            }

            readMarks[conversation] = seq;
            Link?.Enqueue(ReadFrame(conversation, seq));
        }
    }

    /// <summary>The server has this mark, or a later one.</summary>
    public void MarkConfirmed(string conversation, long seq)
    {
        if (readMarks.TryGetValue(conversation, out var mark) && mark <= seq)
        {
            readMarks.Remove(conversation);
        }
    }

    public void ReportActivity()
    {
        lock (Gate)
        {
            var time = Options.TimeProvider;
            if (Link is not null && (lastActivity is not { } last || time.GetElapsedTime(last) >= activityInterval))
            {
                lastActivity = time.GetTimestamp();
                Link.Enqueue(new CommandFrame { T = CommandTags.Activity });
            }
        }
    }

    public void Watch(IReadOnlyList<string> users)
    {
        lock (Gate)
        {
            watched = users.Count == 0 ? null : users;
        }
    }

    public ConversationCache Cache(string conversation)
    {
        if (!caches.TryGetValue(conversation, out var cache))
        {
            caches.Add(conversation, cache = new ConversationCache(Options.CachedMessages));
        }

        return cache;
    }

    /// <summary>Of a conversation nobody spoke of yet: null.</summary>
    public ConversationCache? FindCache(string conversation) => caches.GetValueOrDefault(conversation);

    public HistoryPage Learn(HistoryPage page)
    {
        lock (Gate)
        {
            foreach (var message in page.Messages)
            {
                Cache(message.Conversation!.Value.Value).Put(message);
            }
        }

        return page;
    }

    public ConversationList Learn(ConversationList list)
    {
        foreach (var info in list.Conversations)
        {
            Learn(info);
        }

        return list;
    }

    public ConversationInfo Learn(ConversationInfo info, UserId? with = null)
    {
        lock (Gate)
        {
            // What was received since is newer than the answer.
            if (!(Cursors.Find(info.Id.Value) > info.LastSeq))
            {
                Cache(info.Id.Value).SetUnread(info.Read, info.Unread);
            }

            if (info.Kind == ConversationKind.Direct && Directs.Me is { } me)
            {
                with ??= info.Members.Select(static m => m.User).FirstOrDefault(u => u != me, me);
                Outbox.Learn(with.Value.Value, info.Id.Value);
            }
        }

        return info;
    }

    public IReadOnlyList<Receipt> Learn(IReadOnlyList<Receipt> receipts)
    {
        lock (Gate)
        {
            foreach (var receipt in receipts)
            {
                Cache(receipt.Conversation.Value).Mark(receipt);
            }
        }

        return receipts;
    }

    /// <summary>A command is refused for good.</summary>
    public void Fail(OutboxItem item, ChatClientException error)
    {
        item.Accepted.TrySetException(error);
        if (item.Echo is { } echo)
        {
            Bus.Publish(new MessageRefused(echo with { Status = MessageStatus.Refused, From = Directs.Me ?? echo.From }, error));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CommandFrame ReadFrame(string conversation, long seq) => new() { T = CommandTags.Read, Conversation = conversation, Seq = seq };

    private bool IsKnown(string conversation) => Cursors.IsKnown(conversation) || caches.ContainsKey(conversation);

    private void SetState(ChatConnectionState state, ChatClientException? error)
    {
        if (State == state)
        {
            return;
        }

        State = state;
        Bus.Publish(new ConnectionChanged(state, error));
        if (state is ChatConnectionState.Connected or ChatConnectionState.Stopped)
        {
            turned.TrySetResult();
        }
        else if (turned.Task.IsCompleted)
        {
            turned = NewSignal();
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        ChatClientException? error = null;
        try
        {
            await LoadAsync(stopping);
            error = await LoopAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped by the app.
        }
        catch (Exception e)
        {
            error = new ChatClientException(ChatErrorCode.Invalid,
                "The connection could not be set up: check ConfigureConnection, ConfigureHttp and the store.", inner: e);
        }

        if (error is not null)
        {
            Client.Log.GivenUp(Log, error.Message, error.InnerException);
        }

        lock (Gate)
        {
            SetState(ChatConnectionState.Stopped, error);
            first.TrySetException(error ?? new ChatClientException(ChatErrorCode.Unavailable, "The client was stopped."));
            _ = first.Task.Exception; // Nobody may be waiting any more.
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (loaded)
        {
            return;
        }

        var kept = await store.LoadAsync(cancellationToken);
        lock (Gate)
        {
            incarnation = kept.Incarnation;
            foreach (var position in kept.Positions)
            {
                Cursors.Move(position.Conversation, position.Seq);
            }

            Outbox.Restore(kept.Outbox, WireMap.Echo);
            loaded = true;
        }
    }

    /// <summary>Connects again and again; returns what ended that for good.</summary>
    private async Task<ChatClientException> LoopAsync(CancellationToken stopping)
    {
        var time = Options.TimeProvider;
        for (var attempt = 0; ;)
        {
            var began = time.GetTimestamp();
            var end = await ConnectAsync(stopping);
            if (end.IsFinal)
            {
                return end.ToException();
            }

            // Only a connection that lasted counts as a success: a host that welcomes and drops is not to be hammered.
            attempt = time.GetElapsedTime(began) >= Options.ReconnectMaxDelay ? 0 : attempt;
            TimeSpan delay;
            lock (Gate)
            {
                delay = backoff.Next(attempt++);
                delay = end.RetryAfter > delay ? end.RetryAfter.Value : delay;
                Outbox.Expire();
            }

            Client.Log.Disconnected(Log, end.Message, delay, end.Cause);
            await ForgetAnsweredAsync(stopping);
            await Task.Delay(delay, time, stopping);
        }
    }

    /// <summary>Tells the store which commands are answered.</summary>
    public async ValueTask ForgetAnsweredAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids;
        lock (Gate)
        {
            ids = Outbox.TakeRemoved();
        }

        if (ids.Count > 0)
        {
            await store.RemoveAsync(ids, cancellationToken);
        }
    }

    private async Task<LinkEnd> ConnectAsync(CancellationToken stopping)
    {
        await using var link = new HubLink(Options, intake.ReceiveAsync);
        HelloReply reply;
        using (var timeout = new CancellationTokenSource(Options.RequestTimeout, Options.TimeProvider))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping))
        {
            try
            {
                await link.StartAsync(either.Token);
                reply = await link.HelloAsync(Hello(), either.Token);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                return LinkEnd.FromFailure(e, !first.Task.IsCompleted);
            }
        }

        if (reply.Code is not null)
        {
            return LinkEnd.FromServer(reply.Code, reply.Message, null, goodbye: false);
        }

        if (reply.Version != 1 || !UserId.TryCreate(reply.User, "", out var user))
        {
            return new LinkEnd(ChatErrorCode.UnsupportedVersion, "The server's welcome is not of protocol version 1.", IsFinal: true);
        }

        if (Directs.Me is { } me && me != user)
        {
            return new LinkEnd(ChatErrorCode.Forbidden, $"The sign-in changed from {me} to {user}: use one ChatClient (and DeviceId) a user.", IsFinal: true);
        }

        await store.WelcomeAsync(reply.Incarnation, reply.Reset, stopping);
        Open(link, reply, user);
        try
        {
            return await link.Ended.WaitAsync(stopping);
        }
        finally
        {
            await CloseAsync(link);
        }
    }

    private HelloRequest Hello()
    {
        lock (Gate)
        {
            var cursors = incarnation is null ? [] : Cursors.Latest(MaxCursors);
            return new HelloRequest
            {
                Versions = [1],
                Device = Options.DeviceId,
                Incarnation = incarnation,
                Cursors = cursors.Count == 0 ? null : cursors,
                Background = Options.Background,
            };
        }
    }

    private void Open(HubLink link, HelloReply reply, UserId user)
    {
        lock (Gate)
        {
            Client.Log.Connected(Log, user.Value, reply.Reset);
            Directs.Me = user;
            incarnation = reply.Incarnation;
            activityInterval = TimeSpan.FromMilliseconds(Math.Max(0, reply.ActivityInterval));
            Skew = reply.Now - Options.TimeProvider.GetUtcNow();
            Link = link;
            SetState(ChatConnectionState.Connected, null);
            if (reply.Reset)
            {
                Cursors.Clear();
                caches.Clear();
                intake.Reset();
                Bus.Publish(new ResyncRequired());
            }

            Acks.Attach(link.Enqueue);
            Outbox.Expire();
            Outbox.Attach(link.Enqueue, reply.MaxBodyBytes);
            foreach (var (conversation, seq) in readMarks)
            {
                link.Enqueue(ReadFrame(conversation, seq));
            }

            if (watched is not null)
            {
                link.Enqueue(new CommandFrame { T = CommandTags.Watch, Id = CommandId.New().Value, Users = watched });
            }

            first.TrySetResult();
        }

        link.Open();
    }

    private async Task CloseAsync(HubLink link)
    {
        var end = link.Ended.IsCompleted ? await link.Ended : null;
        lock (Gate)
        {
            Acks.Flush();
            Link = null;
            Acks.Detach();
            Outbox.Detach();
            Typists.Clear();
            Requests.FailAll(() => new ChatClientException(ChatErrorCode.Unavailable, "The connection was lost before the answer came."));
            if (end is { IsFinal: false })
            {
                SetState(ChatConnectionState.Reconnecting, end.ToException());
            }
        }

        if (end is null)
        {
            using var patience = new CancellationTokenSource(Goodbye);
            await link.DrainAsync(patience.Token);
        }
    }
}
