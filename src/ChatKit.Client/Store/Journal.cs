using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace ChatKit.Client.Store;

/// <summary>One file to which changes are appended, and where the latest value of each key is in it. When most of it is of no more use, what is left is
/// copied to a new file that takes its place. Not thread-safe.</summary>
internal sealed class Journal : IDisposable
{
    private const string Name = "journal";
    private const string NewName = "journal.new";
    private const int CopyAtOnce = 64 * 1024;

    private readonly StoreFolder folder;
    private readonly long compactAbove;
    private Dictionary<string, (long Offset, int Length)> index = new(StringComparer.Ordinal);
    private JournalFile file;
    private byte[] marker = [];
    private long live;
    private long tail;
    private long compactAt;
    private bool suspect;

    /// <param name="folder">Where.</param>
    /// <param name="compactAbove">Smaller files are not worth compacting, in bytes.</param>
    public Journal(StoreFolder folder, long compactAbove)
    {
        this.folder = folder;
        this.compactAbove = compactAbove;
        if (!folder.Exists(Name))
        {
            file = null!;
            Rewrite();
            return;
        }

        // A compaction that was cut off.
        folder.Delete(NewName);
        file = folder.Open(Name, create: false);
        try
        {
            Read();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>How long the file is.</summary>
    public long Length => tail;

    public List<ClientRecord> ReadAll()
    {
        var records = new List<ClientRecord>(index.Count);
        foreach (var (key, (offset, length)) in index.OrderBy(static e => e.Value.Offset))
        {
            var value = new byte[length];
            file.Read(value, offset);
            records.Add(new ClientRecord(key, value));
        }

        return records;
    }

    /// <summary>Appends the batches, each all or nothing; when it returns they are on the disk.</summary>
    /// <exception cref="ClientStoreException">None of them is kept.</exception>
    public void Append(IReadOnlyList<IReadOnlyList<ClientRecord>> batches)
    {
        var frames = Encode(batches);
        try
        {
            if (suspect)
            {
                Rewrite();
                suspect = false;
            }

            var at = tail;
            foreach (var frame in frames)
            {
                JournalFormat.SealFrame(frame, marker, tail);
                file.Write(frame, at);
                at += frame.Length;
            }

            file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw Undo(e);
        }

        foreach (var frame in frames)
        {
            Apply(JournalFormat.ReadRecords(frame.AsSpan(JournalFormat.FrameSize))!, tail + JournalFormat.FrameSize);
            tail += frame.Length;
        }

        Compact();
    }

    public void Dispose() => file.Dispose();

    private static List<byte[]> Encode(IReadOnlyList<IReadOnlyList<ClientRecord>> batches)
    {
        var frames = new List<byte[]>(batches.Count);
        foreach (var batch in batches)
        {
            var frame = new byte[JournalFormat.FrameSize + batch.Sum(JournalFormat.Size)];
            var at = JournalFormat.FrameSize;
            foreach (var record in batch)
            {
                at += JournalFormat.WriteRecord(frame.AsSpan(at), record);
            }

            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>After a failed write nobody knows what is on the disk. What can be cut off is; if not even that works, a new file is written before
    /// anything else is.</summary>
    private ClientStoreException Undo(Exception cause)
    {
        try
        {
            file.Truncate(tail);
            file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            suspect = true;
            cause = new AggregateException(cause, e);
        }

        return new ClientStoreException(ClientStoreFault.Failed,
            $"{folder.At(Name)} cannot be written: see the inner exception; free space, or mend the permissions. Nothing that was kept is lost.", cause);
    }

    private void Apply(List<(string Key, int Offset, int Length)> records, long payloadAt)
    {
        foreach (var (key, offset, length) in records)
        {
            if (index.Remove(key, out var old))
            {
                live -= Occupied(key, old.Length);
            }

            if (length >= 0)
            {
                index.Add(key, (payloadAt + offset, length));
                live += Occupied(key, length);
            }
        }
    }

    private static int Occupied(string key, int length) => JournalFormat.RecordSize + Encoding.UTF8.GetByteCount(key) + length;

    private void Compact()
    {
        if (tail <= Math.Max(compactAbove, compactAt) || tail <= live * 2)
        {
            return;
        }

        try
        {
            Rewrite();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What was written is safe where it is; tried again when the file has grown by another half. Should the names be in doubt,
            // the next change writes a new file first, and fails if it cannot.
            compactAt = tail + (tail / 2);
        }
    }

    /// <summary>Copies what is live to a new file, which takes the place of the old one.</summary>
    private void Rewrite()
    {
        var copy = folder.Open(NewName, create: true);
        var copied = new Dictionary<string, (long Offset, int Length)>(index.Count, StringComparer.Ordinal);
        var newMarker = RandomNumberGenerator.GetBytes(8);
        long end;
        try
        {
            end = CopyTo(copy, copied, newMarker);
            copy.Flush();
        }
        catch
        {
            copy.Dispose();
            folder.Delete(NewName);
            throw;
        }

        // From the renaming on the new file is the journal, whether or not its name is flushed.
        file?.Dispose();
        (file, index, marker, tail, compactAt) = (copy, copied, newMarker, end, 0);
        suspect = true;
        folder.Replace(NewName, Name);
        suspect = false;
    }

    private long CopyTo(JournalFile copy, Dictionary<string, (long Offset, int Length)> copied, byte[] newMarker)
    {
        long end = JournalFormat.HeaderSize;
        var batch = new List<ClientRecord>();
        var size = 0;
        foreach (var (key, (offset, length)) in index.OrderBy(static e => e.Value.Offset))
        {
            var value = new byte[length];
            file.Read(value, offset);
            batch.Add(new ClientRecord(key, value));
            size += length;
            if (size >= CopyAtOnce)
            {
                CopyBatch();
            }
        }

        CopyBatch();
        var header = new byte[JournalFormat.HeaderSize];
        JournalFormat.WriteHeader(header, newMarker, end);
        copy.Write(header, 0);
        return end;

        void CopyBatch()
        {
            if (batch.Count == 0)
            {
                return;
            }

            var frame = Encode([batch])[0];

            // The header says that it is flushed.
            JournalFormat.SealFrame(frame, newMarker, 0);
            copy.Write(frame, end);
            foreach (var (key, offset, length) in JournalFormat.ReadRecords(frame.AsSpan(JournalFormat.FrameSize))!)
            {
                copied.Add(key, (end + JournalFormat.FrameSize + offset, length));
            }

            end += frame.Length;
            batch.Clear();
            size = 0;
        }
    }

    private void Read()
    {
        var path = folder.At(Name);
        var length = file.Length;
        var header = new byte[Math.Min(JournalFormat.HeaderSize, length)];
        file.Read(header, 0);
        (marker, var copied) = JournalFormat.ReadHeader(header, path);
        tail = JournalFormat.HeaderSize;
        while (tail < length && ReadFrame(tail, length, out _) is { } payload)
        {
            Apply(JournalFormat.ReadRecords(payload) ?? throw JournalFormat.Damaged(path, tail, null), tail + JournalFormat.FrameSize);
            tail += JournalFormat.FrameSize + payload.Length;
        }

        if (tail == length && copied <= tail)
        {
            return;
        }

        // Either the end of a write that was cut off, which nobody was promised; or damage to what had been flushed: then a later frame says so.
        if (copied > tail || FlushedBehind(tail, length) > tail)
        {
            throw JournalFormat.Damaged(path, tail, null);
        }

        file.Truncate(tail);
        file.Flush();
    }

    /// <summary>The payload of the frame at an offset; null when there is no intact one.</summary>
    private byte[]? ReadFrame(long offset, long length, out long flushed)
    {
        flushed = 0;
        if (length - offset < JournalFormat.FrameSize)
        {
            return null;
        }

        Span<byte> head = stackalloc byte[JournalFormat.FrameSize];
        file.Read(head, offset);
        if (!JournalFormat.TryReadFrame(head, marker, offset, length, out var size, out flushed))
        {
            return null;
        }

        var payload = new byte[size];
        file.Read(payload, offset + JournalFormat.FrameSize);
        return JournalFormat.IsIntact(head, payload) ? payload : null;
    }

    /// <summary>Up to where the file was flushed according to the intact frames after an offset.</summary>
    private long FlushedBehind(long offset, long length)
    {
        long most = 0;
        var window = ArrayPool<byte>.Shared.Rent(CopyAtOnce);
        try
        {
            for (var at = offset + 1; at < length;)
            {
                var size = (int)Math.Min(window.Length, length - at);
                file.Read(window.AsSpan(0, size), at);
                for (var from = 0; window.AsSpan(from, size - from).IndexOf(marker) is >= 0 and var found; from += found + 1)
                {
                    if (ReadFrame(at + from + found, length, out var flushed) is not null)
                    {
                        most = Math.Max(most, flushed);
                    }
                }

                // The windows overlap, so that a marker across two of them is found.
                at += size <= marker.Length ? size : size - marker.Length + 1;
                if (size < window.Length)
                {
                    break;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }

        return most;
    }
}
