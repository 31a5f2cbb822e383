using ChatKit.Client.Store;
using ChatKit.Wire;

namespace ChatKit.Client.Connection;

/// <summary>Keeps a client connected from start to stop: connect, Hello, live, wait with jitter, again.</summary>
internal sealed class ConnectionLoop(ClientState state, EventIntake intake, Keeper keeper, Func<CancellationToken, Task> load) : IAsyncDisposable
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private TaskCompletionSource first = new();
    private CancellationTokenSource? stop;
    private Task run = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Task welcome;
        lock (state.Gate)
        {
            ObjectDisposedException.ThrowIf(state.IsDisposed, typeof(ChatClient));
            if (state.State == ChatConnectionState.Stopped)
            {
                first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                stop = new CancellationTokenSource();
                state.SetState(ChatConnectionState.Connecting, null);
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
        CancellationTokenSource? present;
        lock (state.Gate)
        {
            present = stop;
            running = run;
        }

        if (present is not null)
        {
            // Not under the gate: it runs continuations.
            await present.CancelAsync();
        }

        await running;
    }

    /// <summary>Stops for ever.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        lock (state.Gate)
        {
            stop?.Dispose();
            stop = null;
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        ChatClientException? error = null;
        try
        {
            await load(stopping);
            error = await LoopAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped by the app.
        }
        catch (ChatClientException e)
        {
            // The store.
            error = e;
        }
        catch (Exception e)
        {
            error = new ChatClientException(ChatErrorCode.Invalid,
                "The connection could not be set up: check ConfigureConnection and ConfigureHttp.", inner: e);
        }

        if (error is not null)
        {
            Client.Log.GivenUp(state.Log, error.Message, error.InnerException);
        }

        lock (state.Gate)
        {
            state.SetState(ChatConnectionState.Stopped, error);
            first.TrySetException(error ?? new ChatClientException(ChatErrorCode.Unavailable, "The client was stopped."));
            _ = first.Task.Exception; // Nobody may be waiting any more.
        }
    }

    /// <summary>Connects again and again; returns what ended that for good.</summary>
    private async Task<ChatClientException> LoopAsync(CancellationToken stopping)
    {
        var time = state.Options.TimeProvider;
        for (var attempt = 0; ;)
        {
            var began = time.GetTimestamp();
            var end = await ConnectAsync(TokenReason.Connect, stopping);
            if (end is { IsFinal: true, Code: ChatErrorCode.Unauthenticated } && state.Options.Tokens is not null)
            {
                // The app may have kept its token for hours: once more, with a new one.
                end = await ConnectAsync(TokenReason.Renewal, stopping);
            }

            if (end.IsFinal)
            {
                return end.ToException();
            }

            // Only a connection that lasted counts as a success: a host that welcomes and drops is not to be hammered.
            attempt = time.GetElapsedTime(began) >= state.Options.ReconnectMaxDelay ? 0 : attempt;
            TimeSpan delay;
            lock (state.Gate)
            {
                delay = end.AtOnce && attempt == 0 ? TimeSpan.Zero : state.Backoff.Next(attempt);
                attempt++;
                delay = end.RetryAfter > delay ? end.RetryAfter.Value : delay;
                state.Outbox.Expire();
            }

            Client.Log.Disconnected(state.Log, end.Message, delay, end.Cause);
            await FlushAsync(stopping);
            await Task.Delay(delay, time, stopping);
        }
    }

    private async Task<LinkEnd> ConnectAsync(TokenReason reason, CancellationToken stopping)
    {
        await using var link = new HubLink(state.Options, reason, intake.ReceiveAsync);
        HelloReply reply;
        using (var timeout = new CancellationTokenSource(state.Options.RequestTimeout, state.Options.TimeProvider))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping))
        {
            try
            {
                await link.StartAsync(either.Token);
                reply = await link.HelloAsync(state.Hello(), either.Token);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                return LinkEnd.FromFailure(e, !first.Task.IsCompleted);
            }
        }

        if (reply.Code is not null)
        {
            return LinkEnd.FromServer(
                reply.Code, reply.Message, reply.RetryAfter is { } wait ? TimeSpan.FromMilliseconds(wait) : null, goodbye: false);
        }

        if (reply.Version != 1 || !UserId.TryCreate(reply.User, "", out var user))
        {
            return new LinkEnd(ChatErrorCode.UnsupportedVersion, "The server's welcome is not of protocol version 1.", IsFinal: true);
        }

        if (state.Directs.Me is { } me && me != user)
        {
            return new LinkEnd(ChatErrorCode.Forbidden, $"The sign-in changed from {me} to {user}: use one ChatClient (and DeviceId) a user.", IsFinal: true);
        }

        try
        {
            await keeper.WelcomeAsync(user, reply.Incarnation, state.Forget(reply), stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            return new LinkEnd(ChatErrorCode.Unavailable, "The client's store failed: see the inner exception.", Cause: e);
        }

        state.Open(link, reply, user);
        first.TrySetResult();
        link.Open();
        try
        {
            return await link.Ended.WaitAsync(stopping);
        }
        finally
        {
            await CloseAsync(link);
        }
    }

    /// <summary>Keeps what is unsaved, if the store can; if not, it is tried again with the next change.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keeper.FlushAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Client.Log.StoreFailed(state.Log, e);
        }
    }

    private async Task CloseAsync(HubLink link)
    {
        var end = link.Ended.IsCompleted ? await link.Ended : null;
        state.Close(end is { IsFinal: false } ? end.ToException() : null);
        if (end is null)
        {
            using var patience = new CancellationTokenSource(Goodbye);
            await link.DrainAsync(patience.Token);
        }
    }
}
