namespace ChatKit.Storage.Postgres;

/// <summary>A range of a blob, read chunk by chunk; between reads it holds no connection. Not thread-safe, as any stream.</summary>
internal sealed class ChunkStream(PostgresDatabase database, long blob, long start, long length) : Stream
{
    private readonly string _sql = database.Sql("select bytes from {schema}.chunks where blob = $1 and n = $2");
    private byte[] _chunk = [];
    private int _number = -1;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = length - _position;
        if (left <= 0 || buffer.Length == 0)
        {
            return 0;
        }

        var at = start + _position;
        var number = (int)(at / PostgresAssetStore.ChunkBytes);
        if (number != _number)
        {
            _chunk = await LoadAsync(number, cancellationToken).ConfigureAwait(false);
            _number = number;
        }

        var from = (int)(at % PostgresAssetStore.ChunkBytes);
        var count = (int)Math.Min(Math.Min(buffer.Length, left), _chunk.Length - from);
        _chunk.AsMemory(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private ValueTask<byte[]> LoadAsync(int number, CancellationToken cancellationToken) => database.ReadAsync(
        _sql, p => p.Long(blob).Int(number),
        static async reader => await reader.ReadAsync().ConfigureAwait(false)
            ? reader.GetFieldValue<byte[]>(0)
            : throw new ChatStoreException("The asset was deleted while it was read.", isTransient: false),
        cancellationToken);
}
