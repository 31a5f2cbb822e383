using System.Text;

namespace ChatKit.Load.Clients;

/// <summary>One user's connection, speaking SignalR's JSON protocol over a WebSocket by hand: one read loop, no task a message, whatever
/// is sent while a chunk of input is handled leaves in one write. The servers differ only in the frames (derived classes).</summary>
internal abstract class LoadConnection : IDisposable
{
    private const byte RecordSeparator = 0x1e;

    [ThreadStatic]
    private static List<LoadConnection>? dirty;

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ByteQueue input = new();
    private RawWebSocket? socket;
    private ByteQueue output = new();
    private ByteQueue sending = new();
    private bool isSending;
    private bool isDirty;
    private bool closing;
    private bool handshaken;

    protected LoadConnection(string user, ITraffic traffic)
    {
        User = user;
        Traffic = traffic;
    }

    public string User { get; }

    protected ITraffic Traffic { get; }

    protected Lock Gate { get; } = new();

    /// <summary>Connects; completes when messages can be sent.</summary>
    public async Task OpenAsync(Uri hub, CancellationToken cancellationToken)
    {
        var address = new Uri(hub, $"{hub.PathAndQuery}?user={Uri.EscapeDataString(User)}");
        socket = await RawWebSocket.ConnectAsync(address, cancellationToken);
        _ = ReadAsync(socket);
        SendNow("{\"protocol\":\"json\",\"version\":1}"u8);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
    }

    /// <summary>Queues a message; it leaves when the input at hand is done, or at <see cref="Flush"/>.</summary>
    /// <param name="target">The conversation, user or group, as JSON would have it.</param>
    /// <param name="id">The message's id.</param>
    /// <param name="text">The text.</param>
    public abstract void Send(ReadOnlySpan<byte> target, ReadOnlySpan<byte> id, ReadOnlySpan<byte> text);

    /// <summary>The server ends connections it hears nothing of for 30 s.</summary>
    public void Ping()
    {
        if (ready.Task.IsCompletedSuccessfully)
        {
            SendNow("{\"type\":6}"u8);
        }
    }

    /// <summary>Sends what is queued.</summary>
    public void Flush()
    {
        lock (Gate)
        {
            isDirty = false;
            Drain(output);
            if (isSending || output.Length == 0 || socket is null)
            {
                return;
            }

            isSending = true;
            (output, sending) = (sending, output);
        }

        _ = WriteAsync();
    }

    public void Dispose()
    {
        closing = true;
        socket?.Dispose();
    }

    /// <summary>The handshake of SignalR is done.</summary>
    protected abstract void OnConnected();

    /// <summary>A record of SignalR.</summary>
    protected abstract void OnRecord(ReadOnlySpan<byte> record);

    /// <summary>Adds to a flush what was collected for it. Called under the gate.</summary>
    protected virtual void Drain(ByteQueue to)
    {
    }

    protected void Ready() => ready.TrySetResult();

    /// <summary>Lets the thread that handles input flush this connection when it is done. Called under the gate.</summary>
    protected void MarkDirty()
    {
        if (!isDirty)
        {
            isDirty = true;
            (dirty ??= []).Add(this);
        }
    }

    /// <summary>Appends one record as one WebSocket frame. Called under the gate.</summary>
    protected void AppendFrame(ReadOnlySpan<byte> record) => AppendFrame(output, record);

    protected static void AppendFrame(ByteQueue to, ReadOnlySpan<byte> record)
    {
        Span<byte> header = stackalloc byte[RawWebSocket.MaxHeader];
        to.Append(header[RawWebSocket.WriteHeader(header, record.Length + 1)..]);
        to.Append(record);
        to.Append(RecordSeparator);
    }

    protected void SendNow(ReadOnlySpan<byte> record)
    {
        lock (Gate)
        {
            AppendFrame(record);
        }

        Flush();
    }

    protected void Fail(string why) => Traffic.OnFailure($"{User}: {why}");

    /// <summary>Flushes what this thread has queued.</summary>
    public static void FlushThread()
    {
        if (dirty is not { Count: > 0 } list)
        {
            return;
        }

        for (var i = 0; i < list.Count; i++)
        {
            list[i].Flush();
        }

        list.Clear();
    }

    private async Task ReadAsync(RawWebSocket from)
    {
        try
        {
            while (await from.ReceiveAsync(input))
            {
                Records();
                FlushThread();
            }

            if (!closing)
            {
                Fail("the server ended the connection");
            }
        }
        catch (Exception exception)
        {
            if (!closing)
            {
                ready.TrySetException(exception);
                Fail(exception.ToString());
            }
        }
    }

    private void Records()
    {
        while (true)
        {
            var bytes = input.Span;
            var at = bytes.IndexOf(RecordSeparator);
            if (at < 0)
            {
                return;
            }

            var record = bytes[..at];
            if (!handshaken)
            {
                handshaken = true;
                if (!record.SequenceEqual("{}"u8))
                {
                    throw new IOException($"The handshake was refused: {Encoding.UTF8.GetString(record)}");
                }

                OnConnected();
            }
            else if (record.StartsWith("{\"type\":7"u8))
            {
                throw new IOException($"The server closed: {Encoding.UTF8.GetString(record)}");
            }
            else if (!record.StartsWith("{\"type\":6"u8))
            {
                OnRecord(record);
            }

            input.Skip(at + 1);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                await socket!.SendAsync(sending.Memory);
                lock (Gate)
                {
                    sending.Clear();
                    Drain(output);
                    if (output.Length == 0)
                    {
                        isSending = false;
                        return;
                    }

                    (output, sending) = (sending, output);
                }
            }
        }
        catch (Exception exception)
        {
            if (!closing)
            {
                Fail(exception.ToString());
            }
        }
    }
}
