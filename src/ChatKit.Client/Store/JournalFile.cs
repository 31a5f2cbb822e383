using Microsoft.Win32.SafeHandles;

namespace ChatKit.Client.Store;

/// <summary>An open file. Tests put faults into it.</summary>
internal class JournalFile(SafeFileHandle handle) : IDisposable
{
    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Reads all of <paramref name="to"/>.</summary>
    public void Read(Span<byte> to, long offset)
    {
        while (to.Length > 0)
        {
            var read = RandomAccess.Read(handle, to, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("The file ends before what is known to be in it.");
            }

            to = to[read..];
            offset += read;
        }
    }

    public virtual void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    public virtual void Flush() => RandomAccess.FlushToDisk(handle);

    public virtual void Truncate(long length) => RandomAccess.SetLength(handle, length);

    public void Dispose()
    {
        handle.Dispose();
        GC.SuppressFinalize(this);
    }
}
