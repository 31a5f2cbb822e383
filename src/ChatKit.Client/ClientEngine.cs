using ChatKit.Client.Connection;
using ChatKit.Client.Outbox;
using ChatKit.Client.Store;
using ChatKit.Wire;

namespace ChatKit.Client;

/// <summary>What <see cref="ChatClient"/> and <see cref="ChatConversation"/> stand on: the state, the loop, and the two ways to ask for something.</summary>
internal sealed class ClientEngine : IAsyncDisposable
{
    private readonly IClientStore store;

    public ClientEngine(ChatClientOptions options, IClientStore store)
    {
        this.store = store;
        State = new ClientState(options);
        Loop = new ConnectionLoop(State, new EventIntake(State, store), store);
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

    /// <summary>Puts a command into the outbox; it is on its way when this returns.</summary>
    public async Task<OutboxItem> SubmitAsync(CommandFrame frame, CancellationToken cancellationToken)
    {
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
            await store.AddAsync(item.Command, cancellationToken);
        }
        catch (Exception e)
        {
            lock (State.Gate)
            {
                State.Outbox.Remove(item);
                State.Fail(item, new ChatClientException(ChatErrorCode.Unavailable, "It could not be put into the outbox.", inner: e));
            }

            throw;
        }

        lock (State.Gate)
        {
            State.Outbox.MarkStored(item);
        }

        return item;
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
