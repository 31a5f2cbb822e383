using System.Net.Sockets;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>An upgraded connection that is read through Kestrel and written to the socket itself: Kestrel's way out is a copy into its pipe and a wake-up of another thread
/// a write. One write at a time.</summary>
/// <param name="inner">Kestrel's stream of the connection.</param>
/// <param name="socket">Its socket, which stays Kestrel's.</param>
internal sealed class SocketStream(Stream inner, Socket socket) : Stream
{
    /// <summary>Whether the client has sent something: then it has the answer to its request, which leaves through Kestrel's pipe, and nothing else is in that pipe.</summary>
    private volatile bool heard;

    /// <summary>Whether something was written before: everything after it takes the same way.</summary>
    private bool piped;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        heard ? inner.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        piped |= !heard;
        return piped ? inner.WriteAsync(buffer, cancellationToken) : SendAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => piped ? inner.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It would block.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It would block.");

    public override void Flush() => throw new NotSupportedException("It would block.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        heard |= count > 0;
        return count;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException("The connection has ended.", exception);
        }
    }
}
