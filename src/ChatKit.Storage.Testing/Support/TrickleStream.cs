namespace ChatKit.Storage.Testing.Support;

/// <summary>A source as a network gives it: not seekable, no length, a few bytes a read; without end when it has no content.</summary>
internal sealed class TrickleStream(byte[]? content) : Stream
{
    private const int MaxRead = 10_007;

    /// <summary>How many bytes were given.</summary>
    public long Given { get; private set; }

    /// <summary>Something that happens once this many bytes were given.</summary>
    public (long Bytes, Action Do)? After { get; init; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (After is { } after && Given >= after.Bytes)
        {
            after.Do();
        }

        var count = Math.Min(buffer.Length, MaxRead);
        if (content is null)
        {
            buffer[..count].Fill(42);
        }
        else
        {
            count = (int)Math.Min(count, content.Length - Given);
            content.AsSpan((int)Given, count).CopyTo(buffer);
        }

        Given += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
