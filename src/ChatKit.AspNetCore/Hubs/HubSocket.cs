using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Features;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>The WebSocket of a connection of the hub, with SignalR on its one side and the engine on the other: what the engine writes takes no way through SignalR's pipe and
/// its loop, which cost a copy and a wake-up a write (docs/decisions/hub-socket.md). On the wire it is the same. SignalR's own messages (answers, pings, close) and the
/// engine's take turns.</summary>
/// <param name="socket">The real one.</param>
/// <param name="lifetime">Of the request it came with.</param>
internal sealed partial class HubSocket(WebSocket socket, IHttpRequestLifetimeFeature? lifetime) : WebSocket
{
    /// <summary>How long the end of a connection waits for a write that the client does not take; then it is cut.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private bool fragmented;
    private volatile bool disposed;

    public override WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public override string? CloseStatusDescription => socket.CloseStatusDescription;

    public override string? SubProtocol => socket.SubProtocol;

    public override WebSocketState State => socket.State;

    /// <summary>Writes a whole message of the engine's. The bytes may be reused when it completes.</summary>
    /// <exception cref="WebSocketException">The connection has ended.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message)
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            // Without a token: what does not leave is ended by Cut.
            await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends a write that the client does not take, and the connection with it.</summary>
    public void Cut()
    {
        if (turn.CurrentCount == 0 && !disposed)
        {
            lifetime?.Abort();
        }
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (!fragmented)
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        fragmented = false;
        try
        {
            await socket.SendAsync(buffer, messageType, endOfMessage, cancellationToken).ConfigureAwait(false);
            fragmented = !endOfMessage;
        }
        finally
        {
            // After a failure nothing can be sent any more, and nobody shall wait for it.
            if (!fragmented)
            {
                turn.Release();
            }
        }
    }

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync((ReadOnlyMemory<byte>)buffer, messageType, endOfMessage, cancellationToken).AsTask();

    public override async Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        if (!await turn.WaitAsync(Patience, cancellationToken).ConfigureAwait(false))
        {
            lifetime?.Abort();
            return;
        }

        try
        {
            await socket.CloseOutputAsync(closeStatus, statusDescription, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        socket.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override void Abort() => socket.Abort();

    public override void Dispose()
    {
        disposed = true;
        socket.Dispose();
    }
}
