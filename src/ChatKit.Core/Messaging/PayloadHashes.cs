using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ChatKit.Messaging;

/// <summary>The hash that tells a retry from another command under the same id (ARCHITECTURE, rule 5). It need not withstand an attacker: who makes two bodies with
/// one hash and sends them under one id of his own is told that the second is the first.</summary>
internal static class PayloadHashes
{
    private const int StackBytes = 512;
    private const int Numbers = 24;

    public static UInt128 Of(EntryHeader header, ReadOnlySpan<byte> body)
    {
        var size = Numbers + body.Length + SizeOf(header.ContentType);
        foreach (var asset in header.Assets)
        {
            size += SizeOf(asset.Value);
        }

        byte[]? rented = null;
        var input = size <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(size);
        BinaryPrimitives.WriteInt32LittleEndian(input, (int)header.Kind);
        BinaryPrimitives.WriteInt32LittleEndian(input[4..], header.Counts ? 1 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(input[8..], header.Target ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(input[16..], body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(input[20..], header.Assets.Count);
        body.CopyTo(input[Numbers..]);
        var rest = Append(input[(Numbers + body.Length)..], header.ContentType);
        foreach (var asset in header.Assets)
        {
            rest = Append(rest, asset.Value);
        }

        var result = XxHash128.HashToUInt128(input[..size]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return result;
    }

    private static int SizeOf(string text) => sizeof(int) + Encoding.UTF8.GetByteCount(text);

    private static Span<byte> Append(Span<byte> to, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, to[sizeof(int)..]);
        BinaryPrimitives.WriteInt32LittleEndian(to, length);
        return to[(sizeof(int) + length)..];
    }
}
