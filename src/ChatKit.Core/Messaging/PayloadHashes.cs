using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChatKit.Messaging;

/// <summary>The hash that tells a retry from another command under the same id (ARCHITECTURE, rule 5).</summary>
internal static class PayloadHashes
{
    public static UInt128 Of(EntryHeader header, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[24];
        BinaryPrimitives.WriteInt32LittleEndian(numbers, (int)header.Kind);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], header.Counts ? 1 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], header.Target ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[16..], body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[20..], header.Assets.Count);
        hash.AppendData(numbers);
        hash.AppendData(body);
        Append(hash, header.ContentType);
        foreach (var asset in header.Assets)
        {
            Append(hash, asset.Value);
        }

        Span<byte> result = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(result);
        return BinaryPrimitives.ReadUInt128LittleEndian(result);
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
