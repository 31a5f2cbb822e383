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

    public static async Task<RawWebSocket> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(address.Host), address.Port, cancellationToken);
            var result = new RawWebSocket(socket);
            await result.UpgradeAsync(address, cancellationToken);
            return result;
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

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    /// <summary>Waits for bytes and appends the payload of every whole frame to <paramref name="payload"/>.</summary>
    /// <returns>False at the end of the connection.</returns>
    public async ValueTask<bool> ReceiveAsync(ByteQueue payload)
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

        var count = await socket.ReceiveAsync(buffer.AsMemory(end), SocketFlags.None);
        if (count == 0)
        {
            return false;
        }

        end += count;
        if (end == buffer.Length && buffer.Length < 64 * 1024)
        {
            Array.Resize(ref buffer, buffer.Length * 2); // Much to read: fewer calls for it.
        }

        return Parse(payload);
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

    private async Task UpgradeAsync(Uri address, CancellationToken cancellationToken)
    {
        var request = $"GET {address.PathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        await SendAsync(Encoding.ASCII.GetBytes(request));
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(end), SocketFlags.None, cancellationToken);
            end += count;
            var head = buffer.AsSpan(0, end).IndexOf("\r\n\r\n"u8);
            if (head >= 0)
            {
                if (!buffer.AsSpan().StartsWith("HTTP/1.1 101"u8))
                {
                    throw new IOException($"The server refused the WebSocket: {Encoding.ASCII.GetString(buffer, 0, head)}");
                }

                start = head + 4;
                return;
            }

            if (count == 0 || end == buffer.Length)
            {
                throw new IOException("The server did not answer the upgrade.");
            }
        }
    }
}
