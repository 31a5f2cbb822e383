using System.Buffers;
using System.Net.WebSockets;
using ChatKit.Wire;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>What comes in: calls of <c>Frames</c> go to the engine on the thread that reads them, everything else to SignalR. A call is taken only while SignalR
/// has nothing of this connection left to do, so that none overtakes another.</summary>
internal sealed partial class HubSocket
{
    // Of the loop that reads; only what is done comes from SignalR's.
    private ChatConnection? chat;
    private HubConnectionSettings? settings;
    private long heardAt;
    private bool within;
    private byte[]? rest;
    private ReadOnlyMemory<byte> unread;
    private ValueWebSocketReceiveResult restResult;

    /// <summary>How many messages SignalR got; the first, its handshake, is no call.</summary>
    private long handed = -1;

    /// <summary>How many of them the hub has done.</summary>
    private long done;

    private static ReadOnlySpan<byte> Ping => "{\"type\":6}\u001e"u8;

    /// <summary>From now on calls may be taken.</summary>
    public void Attach(ChatConnection connection, HubConnectionSettings shared)
    {
        settings = shared;
        heardAt = connection.Time.GetTimestamp();
        Volatile.Write(ref chat, connection);
    }

    /// <summary>The hub has done what came in one message.</summary>
    public void Done() => Interlocked.Increment(ref done);

    public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (rest is not null)
        {
            return new(HandOver(buffer.Span));
        }

        // SignalR waits with an empty buffer, and brings one when there is something.
        return buffer.IsEmpty && !within && Volatile.Read(ref chat) is { } connection ? TakeAsync(connection, cancellationToken) : PassAsync(buffer, cancellationToken);
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        var result = await ReceiveAsync((Memory<byte>)buffer, cancellationToken).ConfigureAwait(false);
        return new WebSocketReceiveResult(result.Count, result.MessageType, result.EndOfMessage, socket.CloseStatus, socket.CloseStatusDescription);
    }

    private async ValueTask<ValueWebSocketReceiveResult> PassAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var result = await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false);
        Count(buffer.Span[..result.Count], result);
        return result;
    }

    /// <summary>Waits, and takes all that is the engine's, until there is something for SignalR.</summary>
    private async ValueTask<ValueWebSocketReceiveResult> TakeAsync(ChatConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            var ready = await socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            if (ready.MessageType != WebSocketMessageType.Text || Volatile.Read(ref done) != handed || connection.IsGone)
            {
                return ready;
            }

            var buffer = ArrayPool<byte>.Shared.Rent(settings!.MostBytes);
            var result = await socket.ReceiveAsync(buffer.AsMemory(0, settings.MostBytes), cancellationToken).ConfigureAwait(false);
            var calls = new List<CommandFrame?[]>(1);
            if (!result.EndOfMessage || result.Count == 0 || !FramesCalls.TryRead(buffer.AsSpan(0, result.Count), calls))
            {
                Count(buffer.AsSpan(0, result.Count), result);
                return Keep(buffer, result);
            }

            ArrayPool<byte>.Shared.Return(buffer);
            foreach (var call in calls)
            {
                await TakeAsync(connection, call).ConfigureAwait(false);
            }

            if (connection.Time.GetElapsedTime(heardAt) > settings.SignOfLife)
            {
                // SignalR ends connections of which it hears nothing, and clients are silent to it while they send.
                heardAt = connection.Time.GetTimestamp();
                buffer = ArrayPool<byte>.Shared.Rent(Ping.Length);
                Ping.CopyTo(buffer);
                return Keep(buffer, new(Ping.Length, WebSocketMessageType.Text, endOfMessage: true));
            }
        }
    }

    /// <summary>As with a method of a hub, the fault of one call is logged and does not end the connection.</summary>
    private async ValueTask TakeAsync(ChatConnection connection, CommandFrame?[] call)
    {
        try
        {
            await settings!.Commands.ReceiveAsync(connection, call).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            DoorLog.FramesFailed(settings!.Logger, exception, connection.Id);
        }
    }

    private ValueWebSocketReceiveResult Keep(byte[] buffer, ValueWebSocketReceiveResult result)
    {
        rest = buffer;
        unread = buffer.AsMemory(0, result.Count);
        restResult = result;
        return new(0, result.MessageType, endOfMessage: false);
    }

    private ValueWebSocketReceiveResult HandOver(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, unread.Length);
        unread.Span[..count].CopyTo(buffer);
        unread = unread[count..];
        if (buffer.IsEmpty || !unread.IsEmpty)
        {
            return new(count, restResult.MessageType, endOfMessage: false);
        }

        ArrayPool<byte>.Shared.Return(rest!);
        rest = null;
        return new(count, restResult.MessageType, restResult.EndOfMessage);
    }

    /// <summary>Counts what SignalR gets. What is no call, or calls no method of the hub, is never done: then nothing is taken any more, and all goes its way.</summary>
    private void Count(ReadOnlySpan<byte> bytes, ValueWebSocketReceiveResult result)
    {
        if (bytes.IsEmpty && !result.EndOfMessage)
        {
            return;
        }

        var isPing = !within && result.EndOfMessage && bytes.SequenceEqual(Ping);
        within = !result.EndOfMessage;
        if (!isPing)
        {
            handed += bytes.Count(FramesCalls.Separator);
        }
    }
}
