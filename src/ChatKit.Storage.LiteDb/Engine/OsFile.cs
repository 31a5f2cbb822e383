namespace ChatKit.Storage.LiteDb;

internal sealed class OsFile(string path, FileShare share) : DiskFile
{
    private readonly FileStream _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share, bufferSize: 1, FileOptions.RandomAccess);

    public override long Length => _file.Length;

    public override int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_file.SafeFileHandle, buffer, offset);

    public override void Write(ReadOnlySpan<byte> buffer, long offset) => RandomAccess.Write(_file.SafeFileHandle, buffer, offset);

    public override void SetLength(long length) => _file.SetLength(length);

    public override void Flush() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public override void Dispose() => _file.Dispose();
}
