using ChatKit.Client.Store;
using Microsoft.Win32.SafeHandles;

namespace ChatKit.Client.Tests.Stores;

/// <summary>A folder on a disk that can be full, fail to flush, and lose power: then of what was not flushed any part, in any order, is there.</summary>
internal sealed class FaultyFolder(string path) : StoreFolder(path)
{
    /// <summary>How many more bytes fit.</summary>
    public long Room { get; set; } = long.MaxValue;

    public bool FailFlush { get; set; }

    public bool FailTruncate { get; set; }

    /// <summary>Whether what is written is kept back until it is flushed.</summary>
    public bool Buffers { get; init; }

    public int Flushes { get; private set; }

    public List<(long Offset, byte[] Bytes)> Unflushed { get; } = [];

    public override JournalFile Open(string name, bool create)
    {
        base.Open(name, create).Dispose();
        return new File(this, System.IO.File.OpenHandle(At(name), FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete));
    }

    private sealed class File(FaultyFolder folder, SafeFileHandle handle) : JournalFile(handle)
    {
        public override void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            var fits = (int)Math.Min(folder.Room, bytes.Length);
            folder.Room -= fits;
            if (folder.Buffers)
            {
                folder.Unflushed.Add((offset, bytes[..fits].ToArray()));
            }
            else
            {
                base.Write(bytes[..fits], offset);
            }

            if (fits < bytes.Length)
            {
                throw new IOException("No space left on device");
            }
        }

        public override void Flush()
        {
            if (folder.FailFlush)
            {
                throw new IOException("Input/output error");
            }

            folder.Unflushed.ForEach(w => base.Write(w.Bytes, w.Offset));
            folder.Unflushed.Clear();
            folder.Flushes++;
            base.Flush();
        }

        public override void Truncate(long length)
        {
            if (folder.FailTruncate)
            {
                throw new IOException("Input/output error");
            }

            base.Truncate(length);
        }
    }
}
