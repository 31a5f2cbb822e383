using System.Buffers;
using ChatKit.Delivery;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>A connection of the hub as the engine sees it. An event was serialised once, whoever gets it: here its bytes are only copied into
/// the frame of SignalR's JSON protocol. Any other protocol serialises the frames itself.</summary>
internal sealed class HubSessionTransport(HubConnectionContext connection, TimeProvider time) : ISessionTransport, IDisposable
{
    /// <summary>The client's method.</summary>
    public const string Target = "events";

    private const string JsonProtocol = "json";

    /// <summary>A JSON writer asks for this much at once.</summary>
    private const int Slack = 256;

    /// <summary>How long a client that was told to close has for it; then it is cut.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <summary>How long what is written has to leave, and the client to leave by itself.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private ITimer? farewell;
    private bool disposed;

    /// <summary>Null for the other ways than WebSocket.</summary>
    public HubSocket? Socket { get; } = connection.GetHttpContext()?.Features.Get<HubSocket>();

    public bool IsJson => string.Equals(connection.Protocol.Name, JsonProtocol, StringComparison.Ordinal);

    private static ReadOnlySpan<byte> Head => "{\"type\":1,\"target\":\"events\",\"arguments\":[["u8;

    /// <summary>With the record separator, the end of every message of SignalR's JSON protocol.</summary>
    private static ReadOnlySpan<byte> Tail => "]]}\u001e"u8;

    public async ValueTask SendAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken)
    {
        ThrowIfGone();
        if (events.Count == 0)
        {
            return;
        }

        if (!IsJson)
        {
            var frames = new EventFrame[events.Count];
            for (var i = 0; i < frames.Length; i++)
            {
                frames[i] = events[i].Frame;
            }

            await connection.WriteAsync(new InvocationMessage(Target, [frames]), cancellationToken);
            ThrowIfGone();
            return;
        }

        var size = Head.Length + Tail.Length + Slack;
        for (var i = 0; i < events.Count; i++)
        {
            size += events[i].Size + 1;
        }

        // The connection copies the bytes into its pipe before the write completes (the hub is mapped without stateful reconnect,
        // which would keep them), so the buffer goes back to the pool.
        using (var buffer = new PooledWriter(size))
        {
            Fill(buffer, events);
            if (Socket is not null)
            {
                await Socket.WriteAsync(buffer.Written);
            }
            else
            {
                await connection.WriteAsync(new SerializedHubMessage([new SerializedMessage(JsonProtocol, buffer.Written)]), cancellationToken);
            }
        }

        ThrowIfGone();
    }

    public void Abort()
    {
        connection.Abort();
        Socket?.Cut();
    }

    /// <summary>SignalR drops what was written but has not left when a connection is aborted, and its clients may see a close before the events that came
    /// first. So a client that was told goodbye has a moment to leave by itself, is then asked to close, and only then cut.</summary>
    public ValueTask CloseAsync()
    {
        After(Moment, static transport => transport.AskToClose());
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the connection when what is about to be written has had time to leave.</summary>
    public void AbortSoon() => After(Moment, static transport => transport.Abort());

    private void AskToClose()
    {
        After(Farewell, static transport => transport.Abort());
        _ = WriteCloseAsync();
    }

    private async Task WriteCloseAsync()
    {
        try
        {
            await connection.WriteAsync(new CloseMessage(error: null, allowReconnect: true));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It has gone meanwhile.
            Abort();
        }
    }

    private void After(TimeSpan wait, Action<HubSessionTransport> then)
    {
        lock (gate)
        {
            if (!disposed)
            {
                farewell?.Dispose();
                farewell = time.CreateTimer(_ => then(this), null, wait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            farewell?.Dispose();
        }
    }

    private static void Fill(PooledWriter to, IReadOnlyList<OutgoingEvent> events)
    {
        to.Write(Head);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0)
            {
                to.Write(","u8);
            }

            events[i].WriteJson(to);
        }

        to.Write(Tail);
    }

    /// <summary>SignalR drops what is written to a connection that has ended, without a word.</summary>
    private void ThrowIfGone()
    {
        if (connection.ConnectionAborted.IsCancellationRequested)
        {
            throw new IOException("The connection has ended.");
        }
    }
}
