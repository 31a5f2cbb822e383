using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChatKit.Storage.LiteDb;

/// <summary>The lock file beside the database. Its exclusive handle keeps other processes out, and its record says how much of the
/// log was acknowledged: what lies beyond (written by an interrupted commit, perhaps in parts) is cut off at the next start.
/// The record is written in two slots by turns, so a torn write leaves the older one.</summary>
internal sealed class GuardFile : IDisposable
{
    private const ulong Magic = 0x31_44_52_47_54_4B_48_43; // "CHKTGRD1"
    private const int SlotSize = 4096;
    private const int RecordSize = 64;
    private readonly DiskFile _file;
    private long _counter;

    private GuardFile(DiskFile file) => _file = file;

    /// <summary>What was noted when the file was opened, or since; null in a new or damaged file.</summary>
    public GuardRecord? Record { get; private set; }

    public static GuardFile Open(Disk disk, string path, string databasePath)
    {
        DiskFile file;
        try
        {
            file = disk.Open(path, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new ChatStoreException(
                $"The chat database '{databasePath}' is already open in this or another process ('{path}' is locked). " +
                "A LiteDB file serves one process: stop the other one, give this host its own file, or use a server database (UsePostgres).",
                isTransient: false, e);
        }

        try
        {
            var guard = new GuardFile(file);
            guard.Load();
            return guard;
        }
        catch (Exception e)
        {
            file.Dispose();
            throw Faults.Translate(e);
        }
    }

    /// <summary>Notes a record and flushes it to the disk.</summary>
    public void Write(GuardRecord record)
    {
        Span<byte> bytes = stackalloc byte[RecordSize];
        bytes.Clear();
        _counter++;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], _counter);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], record.LogLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], record.FeedEnd);
        SHA256.HashData(bytes[..32], bytes[32..]);
        _file.Write(bytes, (_counter & 1) * SlotSize);
        _file.Flush();
        Record = record;
    }

    public void Dispose() => _file.Dispose();

    private void Load()
    {
        if (_file.Length < 2 * SlotSize)
        {
            // Both slots exist from the start, so that a record never changes the file's length.
            _file.SetLength(2 * SlotSize);
            _file.Flush();
        }

        Span<byte> bytes = stackalloc byte[RecordSize];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        for (var slot = 0; slot < 2; slot++)
        {
            if (_file.Read(bytes, slot * SlotSize) != RecordSize
                || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
            {
                continue;
            }

            SHA256.HashData(bytes[..32], hash);
            var counter = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
            if (hash.SequenceEqual(bytes[32..]) && counter > _counter)
            {
                _counter = counter;
                Record = new GuardRecord(
                    BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
            }
        }
    }
}
