using System.Text;

namespace ChatKit.Load.Clients;

/// <summary>One user's connection, speaking SignalR's JSON protocol over a WebSocket by hand: the threads of <see cref="Reactor"/> read it, and whatever
/// is sent while a chunk of input is handled leaves in one write. The servers differ only in the frames (derived classes).</summary>
internal abstract class LoadConnection : IDisposable
{
    private const byte RecordSeparator = 0x1e;

    [ThreadStatic]
    private static List<LoadConnection>? dirty;

    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ByteQueue input = new();
    private Reactor? reactor;
    private RawWebSocket? socket;
    private int number;
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
    public Task OpenAsync(Uri hub, Reactor loop, CancellationToken cancellationToken)
    {
        reactor = loop;
        var opening = RawWebSocket.Connect(new Uri(hub, $"{hub.PathAndQuery}?user={Uri.EscapeDataString(User)}"));
        lock (Gate)
        {
            socket = opening;
            number = loop.Add(this, opening.Handle);
        }

        return ready.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
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

        Write(wasFull: false);
    }

    /// <summary>There is something to read, or the connection has ended.</summary>
    public void OnReadable()
    {
        try
        {
            var wasOpen = socket!.IsOpen;
            if (socket.Receive(input))
            {
                if (!wasOpen && socket.IsOpen)
                {
                    SendNow("{\"protocol\":\"json\",\"version\":1}"u8);
                }

                Records();
                FlushThread();
                return;
            }

            End(new IOException("The server ended the connection."));
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    /// <summary>There is room again for what could not be sent.</summary>
    public void OnWritable() => Write(wasFull: true);

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

    private void End(Exception why)
    {
        // It would be readable for ever.
        socket!.Dispose();
        if (!closing)
        {
            ready.TrySetException(why);
            Fail(why.ToString());
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

    private void Write(bool wasFull)
    {
        try
        {
            while (true)
            {
                sending.Skip(socket!.Send(sending.Span));
                if (sending.Length > 0)
                {
                    if (!wasFull)
                    {
                        reactor!.Watch(number, socket.Handle, writable: true);
                    }

                    return;
                }

                lock (Gate)
                {
                    Drain(output);
                    if (output.Length == 0)
                    {
                        if (wasFull)
                        {
                            reactor!.Watch(number, socket.Handle, writable: false);
                        }

                        isSending = false;
                        return;
                    }

                    (output, sending) = (sending, output);
                }
            }
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }
}
