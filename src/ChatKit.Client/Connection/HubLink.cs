using System.Net.Http;
using System.Threading.Channels;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatKit.Client.Connection;

/// <summary>One connection, from the first byte to its end; never used again afterwards. Commands leave in the order of <see cref="Enqueue"/>.</summary>
internal sealed class HubLink : IAsyncDisposable
{
    private const int MaxBatch = 256;

    /// <summary>A batch ends before its bodies exceed this many characters; a larger body travels alone.</summary>
    private const int MaxBatchChars = 16 * 1024;

    private readonly Channel<CommandFrame> outbound = Channel.CreateUnbounded<CommandFrame>(new() { SingleReader = true });
    private readonly TaskCompletionSource<LinkEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private readonly HubConnection connection;
    private readonly TokenRenewal renewal;
    private Task sender = Task.CompletedTask;

    /// <param name="options">The options.</param>
    /// <param name="reason">Why a token is asked for.</param>
    /// <param name="receive">Takes in a batch of events.</param>
    public HubLink(ChatClientOptions options, TokenReason reason, Func<HubLink, EventFrame[], Task> receive)
    {
        var builder = new HubConnectionBuilder();
        if (options.LoggerFactory is { } loggers)
        {
            builder.Services.AddSingleton(loggers);
        }

        builder.AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, WireJson.Default));
        builder.WithUrl(HubAddress(options.Server), options.Transports, http =>
        {
            if (options.Tokens is { } tokens)
            {
                // Also asked by the requests of long polling when one of them was answered 401.
                http.AccessTokenProvider = () => tokens(opened.Task.IsCompleted ? TokenReason.Renewal : reason, stopping.Token);
            }

            options.ConfigureHttp?.Invoke(http);
        });
        options.ConfigureConnection?.Invoke(builder);
        connection = builder.Build();
        renewal = new TokenRenewal(options, (request, cancellationToken) => connection.InvokeAsync<RenewReply>("Renew", request, cancellationToken));
        connection.Closed += OnClosed;
        connection.On<EventFrame[]>("events", frames => ReceiveAsync(receive, frames));
    }

    /// <summary>Completes, never faults, when the connection is of no more use.</summary>
    public Task<LinkEnd> Ended => ended.Task;

    public Task StartAsync(CancellationToken cancellationToken) => connection.StartAsync(cancellationToken);

    public Task<HelloReply> HelloAsync(HelloRequest request, CancellationToken cancellationToken) =>
        connection.InvokeAsync<HelloReply>("Hello", request, cancellationToken);

    /// <summary>Lets events in and commands out; events that came before wait for this.</summary>
    public void Open()
    {
        sender = SendLoopAsync();
        opened.TrySetResult();
    }

    public void Enqueue(CommandFrame frame) => outbound.Writer.TryWrite(frame);

    /// <summary>The token runs out: gets a new one and gives it to the server, meanwhile everything goes on.</summary>
    public void Renew(DateTimeOffset until) => renewal.Start(until, stopping.Token);

    public void End(LinkEnd why) => ended.TrySetResult(why);

    /// <summary>Sends what is queued, for as long as <paramref name="cancellationToken"/> allows, before <see cref="DisposeAsync"/>.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        outbound.Writer.TryComplete();
        try
        {
            await Task.WhenAny(sender, ended.Task).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The rest is not sent; the server will ask for acknowledgements again by sending again.
        }
    }

    public async ValueTask DisposeAsync()
    {
        End(new LinkEnd(ChatErrorCode.Unavailable, "The connection was closed."));
        await stopping.CancelAsync();
        opened.TrySetCanceled();
        outbound.Writer.TryComplete();
        await sender;
        await renewal.Done;
        await connection.DisposeAsync();
        stopping.Dispose();
    }

    private static Uri HubAddress(Uri server) =>
        new UriBuilder(server) { Path = server.AbsolutePath.TrimEnd('/') + "/hub" }.Uri;

    private async Task ReceiveAsync(Func<HubLink, EventFrame[], Task> receive, EventFrame[] frames)
    {
        try
        {
            await opened.Task;
            await receive(this, frames);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Closed before the welcome was complete.
        }
        catch (Exception e)
        {
            End(new LinkEnd(ChatErrorCode.Unavailable, "Events could not be taken in; they come again on the next connection.", Cause: e));
        }
    }

    private async Task SendLoopAsync()
    {
        var reader = outbound.Reader;
        var batch = new List<CommandFrame>();
        try
        {
            // The server's events begin after the first call: the answer to Hello is read by now.
            await connection.SendAsync("Frames", new[] { new CommandFrame { T = CommandTags.Ack, Cursors = [] } }, stopping.Token);
            while (await reader.WaitToReadAsync(stopping.Token))
            {
                batch.Clear();
                var chars = 0;
                while (batch.Count < MaxBatch && reader.TryPeek(out var next))
                {
                    chars += (next.Text?.Length ?? 0) + (next.Data?.Length ?? 0) + (next.Users?.Sum(static u => u.Length + 3) ?? 0);
                    if (batch.Count > 0 && chars > MaxBatchChars)
                    {
                        break;
                    }

                    reader.TryRead(out _);
                    batch.Add(next);
                }

                await connection.InvokeAsync("Frames", batch.ToArray(), stopping.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Being closed.
        }
        catch (Exception e)
        {
            End(new LinkEnd(ChatErrorCode.Unavailable, "Commands could not be handed to the server.", Cause: e));
        }
    }

    private Task OnClosed(Exception? exception)
    {
        End(new LinkEnd(ChatErrorCode.Unavailable, "The connection was lost.", Cause: exception));
        return Task.CompletedTask;
    }
}
