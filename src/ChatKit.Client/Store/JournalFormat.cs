using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ChatKit.Client.Store;

/// <summary>The bytes of a journal. File: header, frames. Header: magic (8), version (4), marker (8), length of what was
/// copied when the file was made, and flushed before it got its name (8), checksum (4). Frame: marker (8), payload's
/// length (4), offset up to which the file was flushed when the frame was written (8), checksum of those two and the payload (4), payload. Payload:
/// records of key's length (2), value's length (4; -1 removes the key), key, value. Numbers are little-endian. The marker is drawn a file, so
/// nothing that comes from outside can look like a frame.</summary>
internal static class JournalFormat
{
    public const int Version = 1;
    public const int HeaderSize = 32;
    public const int FrameSize = 24;
    public const int RecordSize = 6;
    public const int MaxKey = 2048;

    /// <summary>What one atomic change may take.</summary>
    public const int MaxPayload = 64 << 20;

    private static ReadOnlySpan<byte> Magic => "CHATKITC"u8;

    public static void WriteHeader(Span<byte> to, ReadOnlySpan<byte> marker, long copied, int version = Version)
    {
        Magic.CopyTo(to);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], version);
        marker.CopyTo(to[12..]);
        BinaryPrimitives.WriteInt64LittleEndian(to[20..], copied);
        BinaryPrimitives.WriteUInt32LittleEndian(to[28..], Checksum(0, to[..28]));
    }

    /// <summary>The marker of the file, and how much of it was flushed before it got its name.</summary>
    /// <exception cref="ClientStoreException">It is no journal, damaged, or of a later version.</exception>
    public static (byte[] Marker, long Copied) ReadHeader(ReadOnlySpan<byte> header, string path)
    {
        if (header.Length < HeaderSize || !header[..8].SequenceEqual(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(header[28..]) != Checksum(0, header[..28]))
        {
            throw Damaged(path, 0, null);
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        return version == Version
            ? (header[12..20].ToArray(), BinaryPrimitives.ReadInt64LittleEndian(header[20..]))
            : throw new ClientStoreException(ClientStoreFault.NewerVersion,
                $"{path} was written by a later version of ChatKit.Client (format {version}, this one reads {Version}): update the app.");
    }

    public static int Size(ClientRecord record) => RecordSize + Encoding.UTF8.GetByteCount(record.Key) + (record.Value?.Length ?? 0);

    /// <summary>Writes one record and returns its size.</summary>
    public static int WriteRecord(Span<byte> to, ClientRecord record)
    {
        var key = Encoding.UTF8.GetBytes(record.Key, to[RecordSize..]);
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)key);
        BinaryPrimitives.WriteInt32LittleEndian(to[2..], record.Value?.Length ?? -1);
        record.Value?.Span.CopyTo(to[(RecordSize + key)..]);
        return RecordSize + key + (record.Value?.Length ?? 0);
    }

    /// <summary>Puts the head of a frame before a payload that is in place.</summary>
    public static void SealFrame(Span<byte> frame, ReadOnlySpan<byte> marker, long flushed)
    {
        marker.CopyTo(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], frame.Length - FrameSize);
        BinaryPrimitives.WriteInt64LittleEndian(frame[12..], flushed);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], Checksum(Checksum(0, frame[8..20]), frame[FrameSize..]));
    }

    /// <summary>Reads the head of a frame: false when it is none, or the file has not that many bytes.</summary>
    public static bool TryReadFrame(ReadOnlySpan<byte> head, ReadOnlySpan<byte> marker, long offset, long fileLength, out int payload, out long flushed)
    {
        payload = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        flushed = BinaryPrimitives.ReadInt64LittleEndian(head[12..]);
        return head[..8].SequenceEqual(marker) && payload is > 0 and <= MaxPayload && offset + FrameSize + payload <= fileLength
            && flushed >= 0 && flushed <= offset;
    }

    public static bool IsIntact(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head[20..]) == Checksum(Checksum(0, head[8..20]), payload);

    /// <summary>The records of a payload: key, offset of the value in the payload, length of the value or -1. Null when it is malformed.</summary>
    public static List<(string Key, int Offset, int Length)>? ReadRecords(ReadOnlySpan<byte> payload)
    {
        var records = new List<(string, int, int)>();
        for (var at = 0; at < payload.Length;)
        {
            if (payload.Length - at < RecordSize)
            {
                return null;
            }

            int key = BinaryPrimitives.ReadUInt16LittleEndian(payload[at..]);
            var value = BinaryPrimitives.ReadInt32LittleEndian(payload[(at + 2)..]);
            var start = at + RecordSize + key;
            if (value < -1 || start + (long)Math.Max(0, value) > payload.Length)
            {
                return null;
            }

            records.Add((Encoding.UTF8.GetString(payload.Slice(at + RecordSize, key)), start, value));
            at = start + Math.Max(0, value);
        }

        return records;
    }

    public static ClientStoreException Damaged(string path, long offset, Exception? inner) => new(ClientStoreFault.Damaged,
        $"{path} is damaged at byte {offset}, in a place that had been flushed to the disk. Move its folder away and open an empty one: the device then"
        + " loads conversations anew from the server; commands that were not yet sent are lost with the damaged file.", inner);

    private static uint Checksum(uint seed, ReadOnlySpan<byte> bytes)
    {
        var crc = ~seed;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
