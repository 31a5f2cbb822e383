using ChatKit.Client.Connection;
using ChatKit.Client.Outbox;
using ChatKit.Client.Store;
using ChatKit.Wire;

namespace ChatKit.Client;

/// <summary>What <see cref="ChatClient"/> and <see cref="ChatConversation"/> stand on: the state, the loop, and the two ways to ask for something.</summary>
internal sealed class ClientEngine : IAsyncDisposable
{
    private readonly Keeper keeper;
    private Task? loading;

    public ClientEngine(ChatClientOptions options)
    {
        State = new ClientState(options);
        keeper = new Keeper(options.Store ?? new MemoryClientStore(), State.Gate, State.Unsaved);
        Loop = new ConnectionLoop(State, new EventIntake(State, keeper), keeper, LoadAsync);
    }

    public ClientState State { get; }

    public ConnectionLoop Loop { get; }

    public async ValueTask DisposeAsync()
    {
        lock (State.Gate)
        {
            State.IsDisposed = true;
        }

        await Loop.DisposeAsync();
        if (loading is { } load)
        {
            await load.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await Loop.FlushAsync(CancellationToken.None);
        }

        keeper.Dispose();
        lock (State.Gate)
        {
            foreach (var item in State.Outbox.All())
            {
                item.Accepted.TrySetException(new ChatClientException(ChatErrorCode.Unavailable,
                    "The client was disposed before the server answered; whether it was stored is open."));
            }

            State.Bus.Complete();
        }
    }

    /// <summary>Reads the store, once; after a failure again.</summary>
    public Task LoadAsync(CancellationToken cancellationToken)
    {
        lock (State.Gate)
        {
            ObjectDisposedException.ThrowIf(State.IsDisposed, typeof(ChatClient));
            if (loading is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                loading = Task.Run(ReadStoreAsync, CancellationToken.None);
            }

            return loading.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes a command back.</summary>
    public async Task<bool> WithdrawAsync(CommandId command, CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken);
        lock (State.Gate)
        {
            if (State.Outbox.Withdraw(command.Value) is not { } item)
            {
                return false;
            }

            item.Accepted.TrySetCanceled(CancellationToken.None);
            if (item.Echo is { } echo)
            {
                State.Bus.Publish(new MessageWithdrawn(echo));
            }
        }

        await FlushAsync("It is withdrawn, but the store does not know yet: a restart of the app may bring it back.", cancellationToken);
        return true;
    }

    /// <summary>Keeps what is unsaved.</summary>
    public async Task FlushAsync(string otherwise, CancellationToken cancellationToken)
    {
        try
        {
            await keeper.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw ClientStoreException.ToChat(e, otherwise);
        }
    }

    /// <summary>Puts a command into the outbox; it is on its way when this returns.</summary>
    public async Task<OutboxItem> SubmitAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OutboxItem item;
        lock (State.Gate)
        {
            ObjectDisposedException.ThrowIf(State.IsDisposed, typeof(ChatClient));
            if (State.Outbox.Count >= State.Options.OutboxLimit)
            {
                throw new ChatClientException(ChatErrorCode.Overloaded, "The outbox is full (OutboxLimit): wait until some commands are accepted.");
            }

            var command = new StoredCommand(frame, State.Options.TimeProvider.GetUtcNow());
            item = State.Outbox.Add(command, WireMap.Echo(command) is { } echo ? echo with { From = State.Directs.Me } : null);
            if (item.Echo is not null)
            {
                State.Bus.Publish(new MessagePending(item.Echo));
            }
        }

        try
        {
            // Not cancelled: what is half in the outbox would be sent after a restart.
            await LoadAsync(CancellationToken.None);
            await keeper.AddAsync(item.Command, item.Ordinal);
        }
        catch (Exception e)
        {
            var error = e as ChatClientException ?? ClientStoreException.ToChat(e, "It could not be put into the outbox.");
            lock (State.Gate)
            {
                State.Outbox.Remove(item);
                State.Fail(item, error);
            }

            throw error;
        }

        await MarkStoredAsync(item);
        return item;
    }

    private async Task ReadStoreAsync()
    {
        try
        {
            keeper.AddStale(State.Load(await keeper.LoadAsync(CancellationToken.None)));
        }
        catch (Exception e)
        {
            throw ClientStoreException.ToChat(e, "The client's store cannot be used.");
        }
    }

    private async Task MarkStoredAsync(OutboxItem item)
    {
        lock (State.Gate)
        {
            State.Outbox.MarkStored(item);
            if (State.Outbox.Find(item.Id) is not null)
            {
                return;
            }

            // Withdrawn while it was being stored; the removal may have come first.
            State.Unsaved.Delete(Unsaved.Command(item.Id));
        }

        await Loop.FlushAsync(CancellationToken.None);
    }

    /// <summary>Asks the server; waits for a connection if there is none, all within the time-out of requests.</summary>
    public async Task<EventFrame> RequestAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(State.Options.RequestTimeout, State.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (true)
            {
                Task wait;
                Task<EventFrame>? answer = null;
                lock (State.Gate)
                {
                    ObjectDisposedException.ThrowIf(State.IsDisposed, typeof(ChatClient));
                    if (State.State == ChatConnectionState.Stopped)
                    {
                        throw new ChatClientException(ChatErrorCode.Unavailable, "The client is stopped: call StartAsync.");
                    }

                    if (State.Link is { } link)
                    {
                        answer = State.Requests.Add(frame.Id!);
                        link.Enqueue(frame);
                    }

                    wait = State.Turned;
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
            throw new ChatClientException(ChatErrorCode.Unavailable, $"No answer within {State.Options.RequestTimeout} (RequestTimeout).");
        }
        finally
        {
            lock (State.Gate)
            {
                State.Requests.Remove(frame.Id!);
            }
        }
    }
}
