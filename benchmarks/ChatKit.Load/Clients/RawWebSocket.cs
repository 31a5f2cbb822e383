using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ChatKit.Load.Clients;

/// <summary>A WebSocket client on a bare socket (RFC 6455): what a load generator needs and no more. Frames carry the mask 0, which is
/// a valid mask and spares the generator the masking; the server unmasks all the same.</summary>
internal sealed class RawWebSocket : IDisposable
{
    /// <summary>The longest header of a frame to the server.</summary>
    public const int MaxHeader = 14;

    private const int OpText = 1;
    private const int OpClose = 8;
    private const int OpPong = 10;

    private readonly Socket socket;
    private byte[] buffer = new byte[2048];
    private int start;
    private int end;

    private RawWebSocket(Socket socket) => this.socket = socket;

    /// <summary>Whether the server has agreed.</summary>
    public bool IsOpen { get; private set; }

    public int Handle => (int)socket.Handle;

    /// <summary>Connects and asks for the WebSocket. Nothing waits from then on.</summary>
    public static RawWebSocket Connect(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Not asynchronously: the runtime's own threads would be woken for this socket, too.
            socket.Connect(IPAddress.Parse(address.Host), address.Port);
            var request = $"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
            socket.Send(Encoding.ASCII.GetBytes(request));
            socket.Blocking = false;
            return new RawWebSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Writes the header of a text frame of <paramref name="length"/> bytes so that it ends at the end of <paramref name="to"/>.</summary>
    /// <returns>Where in <paramref name="to"/> it starts.</returns>
    public static int WriteHeader(Span<byte> to, int length, int opcode = OpText)
    {
        var size = length < 126 ? 6 : length <= ushort.MaxValue ? 8 : 14;
        var header = to[^size..];
        header.Clear(); // The last four bytes are the mask.
        header[0] = (byte)(0x80 | opcode);
        switch (size)
        {
            case 6:
                header[1] = (byte)(0x80 | length);
                break;
            case 8:
                header[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)length);
                break;
            default:
                header[1] = 0x80 | 127;
                BinaryPrimitives.WriteUInt64BigEndian(header[2..], (ulong)length);
                break;
        }

        return to.Length - size;
    }

    /// <returns>How much of it was taken: less than all when the peer does not read fast enough.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        var count = socket.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock => 0,
            _ => throw new SocketException((int)error),
        };
    }

    /// <summary>Reads once what is there, and appends the payload of every whole frame to <paramref name="payload"/>.</summary>
    /// <returns>False at the end of the connection.</returns>
    public bool Receive(ByteQueue payload)
    {
        if (start == end)
        {
            start = end = 0;
        }
        else if (end == buffer.Length)
        {
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
            }
            else
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }

        var count = socket.Receive(buffer.AsSpan(end), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return true;
        }

        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }

        if (count == 0)
        {
            return false;
        }

        end += count;
        if (end == buffer.Length && buffer.Length < 64 * 1024)
        {
            Array.Resize(ref buffer, buffer.Length * 2); // Much to read: fewer calls for it.
        }

        Open();
        return !IsOpen || Parse(payload);
    }

    public void Dispose() => socket.Dispose();

    private bool Parse(ByteQueue payload)
    {
        while (end - start >= 2)
        {
            var bytes = buffer.AsSpan(start, end - start);
            var length = (long)(bytes[1] & 0x7f);
            var header = 2;
            if (length == 126)
            {
                header = 4;
                if (bytes.Length < header)
                {
                    return true;
                }

                length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            }
            else if (length == 127)
            {
                header = 10;
                if (bytes.Length < header)
                {
                    return true;
                }

                length = (long)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]);
            }

            if (bytes.Length < header + length)
            {
                return true;
            }

            var opcode = bytes[0] & 0x0f;
            if (opcode == OpClose)
            {
                return false;
            }

            if (opcode < OpClose)
            {
                payload.Append(bytes.Slice(header, (int)length));
            }
            else if (opcode != OpPong)
            {
                throw new NotSupportedException("Kestrel sends no WebSocket pings unless asked to.");
            }

            start += header + (int)length;
        }

        return true;
    }

    private void Open()
    {
        var head = IsOpen ? -1 : buffer.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8);
        if (head < 0)
        {
            return;
        }

        if (!buffer.AsSpan(start).StartsWith("HTTP/1.1 101"u8))
        {
            throw new IOException($"The server refused the WebSocket: {Encoding.ASCII.GetString(buffer, start, head)}");
        }

        start += head + 4;
        IsOpen = true;
    }
}
