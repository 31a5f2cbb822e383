using ChatKit.Client.Store;
using ChatKit.Wire;

namespace ChatKit.Client.Connection;

/// <summary>Keeps a client connected from start to stop: connect, Hello, live, wait with jitter, again.</summary>
internal sealed class ConnectionLoop(ClientState state, EventIntake intake, IClientStore store) : IAsyncDisposable
{
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(2);

    private bool loaded;
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
            Client.Log.GivenUp(state.Log, error.Message, error.InnerException);
        }

        lock (state.Gate)
        {
            state.SetState(ChatConnectionState.Stopped, error);
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
        state.Load(kept);
        loaded = true;
    }

    /// <summary>Connects again and again; returns what ended that for good.</summary>
    private async Task<ChatClientException> LoopAsync(CancellationToken stopping)
    {
        var time = state.Options.TimeProvider;
        for (var attempt = 0; ;)
        {
            var began = time.GetTimestamp();
            var end = await ConnectAsync(stopping);
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
            await intake.ForgetAnsweredAsync(stopping);
            await Task.Delay(delay, time, stopping);
        }
    }

    private async Task<LinkEnd> ConnectAsync(CancellationToken stopping)
    {
        await using var link = new HubLink(state.Options, intake.ReceiveAsync);
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

        await store.WelcomeAsync(reply.Incarnation, reply.Reset, stopping);
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
