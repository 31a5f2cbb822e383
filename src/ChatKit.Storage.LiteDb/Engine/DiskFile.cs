namespace ChatKit.Storage.LiteDb;

/// <summary>An open file as the log and the guard use it. Throws <see cref="IOException"/>.</summary>
internal abstract class DiskFile : IDisposable
{
    public abstract long Length { get; }

    public abstract int Read(Span<byte> buffer, long offset);

    public abstract void Write(ReadOnlySpan<byte> buffer, long offset);

    public abstract void SetLength(long length);

    /// <summary>Returns when everything written is on the disk.</summary>
    public abstract void Flush();

    public abstract void Dispose();
}
