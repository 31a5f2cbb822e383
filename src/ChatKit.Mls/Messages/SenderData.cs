using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>SenderData (RFC 9420, section 6.3.2).</summary>
internal readonly record struct SenderData(uint Leaf, uint Generation, uint ReuseGuard)
{
    public const int Length = 12;

    public byte[] Encrypt(MlsCipherSuite suite, ReadOnlySpan<byte> senderDataSecret, byte[] groupId, ulong epoch, ContentType type, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> plaintext = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt32BigEndian(plaintext, Leaf);
        BinaryPrimitives.WriteUInt32BigEndian(plaintext[4..], Generation);
        BinaryPrimitives.WriteUInt32BigEndian(plaintext[8..], ReuseGuard);
        Span<byte> key = stackalloc byte[suite.Aead.KeyLength];
        Span<byte> nonce = stackalloc byte[suite.Aead.NonceLength];
        Derive(suite, senderDataSecret, ciphertext, key, nonce);
        using var aad = AssociatedData(groupId, epoch, type);
        var result = new byte[Length + suite.Aead.TagLength];
        suite.Aead.Seal(key, nonce, aad.Written, plaintext, result);
        CryptographicOperations.ZeroMemory(key);
        return result;
    }

    public static SenderData Decrypt(MlsCipherSuite suite, ReadOnlySpan<byte> senderDataSecret, PrivateMessage message)
    {
        Span<byte> plaintext = stackalloc byte[Length];
        Span<byte> key = stackalloc byte[suite.Aead.KeyLength];
        Span<byte> nonce = stackalloc byte[suite.Aead.NonceLength];
        Derive(suite, senderDataSecret, message.Ciphertext, key, nonce);
        using var aad = AssociatedData(message.GroupId, message.Epoch, message.ContentType);
        var opened = message.EncryptedSenderData.Length == Length + suite.Aead.TagLength
            && suite.Aead.TryOpen(key, nonce, aad.Written, message.EncryptedSenderData, plaintext);
        CryptographicOperations.ZeroMemory(key);
        if (!opened)
        {
            throw new MlsException(MlsErrorCode.DecryptionFailed, "The message does not decrypt.");
        }

        return new SenderData(
            BinaryPrimitives.ReadUInt32BigEndian(plaintext), BinaryPrimitives.ReadUInt32BigEndian(plaintext[4..]), BinaryPrimitives.ReadUInt32BigEndian(plaintext[8..]));
    }

    public static void Derive(MlsCipherSuite suite, ReadOnlySpan<byte> senderDataSecret, ReadOnlySpan<byte> ciphertext, Span<byte> key, Span<byte> nonce)
    {
        var sample = ciphertext[..Math.Min(ciphertext.Length, suite.HashLength)];
        suite.ExpandWithLabel(senderDataSecret, "key"u8, sample, key);
        suite.ExpandWithLabel(senderDataSecret, "nonce"u8, sample, nonce);
    }

    private static MlsWriter AssociatedData(byte[] groupId, ulong epoch, ContentType type)
    {
        var writer = new MlsWriter(64);
        writer.WriteOpaque(groupId);
        writer.WriteUInt64(epoch);
        writer.WriteUInt8((byte)type);
        return writer;
    }
}
