namespace ChatKit.Samples.Sqlite;

/// <summary>Reads a part of an upload, a chunk at a time.</summary>
internal sealed class ChunkStream(SqliteSession session, string upload, long offset, long length) : Stream
{
    public const int ChunkBytes = 64 * 1024;

    private long _next = offset;
    private long _left = length;
    private long _number = -1;
    private byte[] _chunk = [];

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
        if (_left == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        var number = _next / ChunkBytes;
        if (number != _number)
        {
            _chunk = SqliteDatabase.Guard(() => session.First(
                "SELECT bytes FROM chunks WHERE upload = $1 AND number = $2", row => row.GetFieldValue<byte[]>(0), upload, number))
                ?? throw new ChatStoreException("An asset lacks a chunk.", isTransient: false);
            _number = number;
        }

        var from = (int)(_next % ChunkBytes);
        var count = (int)Math.Min(Math.Min(buffer.Length, _chunk.Length - from), _left);
        _chunk.AsSpan(from, count).CopyTo(buffer);
        _next += count;
        _left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _number != long.MinValue)
        {
            _number = long.MinValue;
            _left = 0;
            session.Dispose();
        }

        base.Dispose(disposing);
    }
}
