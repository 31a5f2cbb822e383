using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>Encrypts and decrypts PrivateMessage (RFC 9420, section 6.3).</summary>
internal static class PrivateMessageProtection
{
    public static PrivateMessage Protect(
        MlsCipherSuite suite, AuthenticatedContent authenticated, uint leaf, uint generation, MessageKey key, ReadOnlySpan<byte> senderDataSecret, int paddingBlock)
    {
        var content = authenticated.Content;
        using var plaintext = new MlsWriter((content.ApplicationData?.Length ?? 1024) + 256 + paddingBlock);
        content.WriteBody(plaintext);
        authenticated.WriteAuthData(plaintext);
        if (paddingBlock > 1 && plaintext.Length % paddingBlock is var over && over != 0)
        {
            plaintext.Reserve(paddingBlock - over).Clear();
        }

        Span<byte> guard = stackalloc byte[4];
        RandomNumberGenerator.Fill(guard);
        Span<byte> nonce = stackalloc byte[key.Nonce.Length];
        ApplyGuard(key.Nonce, guard, nonce);
        using var aad = AssociatedData(content.GroupId, content.Epoch, content.ContentType, content.AuthenticatedData);
        var ciphertext = new byte[plaintext.Length + suite.Aead.TagLength];
        suite.Aead.Seal(key.Key, nonce, aad.Written, plaintext.Written, ciphertext);
        var senderData = new SenderData(leaf, generation, BinaryPrimitives.ReadUInt32BigEndian(guard));
        var encrypted = senderData.Encrypt(suite, senderDataSecret, content.GroupId, content.Epoch, content.ContentType, ciphertext);
        return new PrivateMessage(content.GroupId, content.Epoch, content.ContentType, content.AuthenticatedData, encrypted, ciphertext);
    }

    public static AuthenticatedContent Unprotect(MlsCipherSuite suite, PrivateMessage message, SenderData senderData, MessageKey key)
    {
        Span<byte> guard = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(guard, senderData.ReuseGuard);
        Span<byte> nonce = stackalloc byte[key.Nonce.Length];
        ApplyGuard(key.Nonce, guard, nonce);
        using var aad = AssociatedData(message.GroupId, message.Epoch, message.ContentType, message.AuthenticatedData);
        var plaintext = new byte[Math.Max(0, message.Ciphertext.Length - suite.Aead.TagLength)];
        if (message.Ciphertext.Length < suite.Aead.TagLength || !suite.Aead.TryOpen(key.Key, nonce, aad.Written, message.Ciphertext, plaintext))
        {
            throw new MlsException(MlsErrorCode.DecryptionFailed, "The message does not decrypt.");
        }

        var reader = new MlsReader(plaintext);
        var content = FramedContent.ReadBody(
            ref reader, message.GroupId, message.Epoch, Sender.Member(senderData.Leaf), message.AuthenticatedData, message.ContentType);
        var signature = reader.ReadOpaque();
        var tag = message.ContentType == ContentType.Commit ? reader.ReadOpaque() : null;
        if (reader.ReadBytes(reader.Remaining).ContainsAnyExcept((byte)0))
        {
            throw MlsReader.Malformed("The padding of a message is not zero.");
        }

        CryptographicOperations.ZeroMemory(plaintext);
        return new AuthenticatedContent(MlsWireFormat.PrivateMessage, content, signature, tag);
    }

    private static void ApplyGuard(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> guard, Span<byte> result)
    {
        nonce.CopyTo(result);
        for (var i = 0; i < guard.Length; i++)
        {
            result[i] ^= guard[i];
        }
    }

    private static MlsWriter AssociatedData(byte[] groupId, ulong epoch, ContentType type, byte[] authenticatedData)
    {
        var writer = new MlsWriter(96 + authenticatedData.Length);
        writer.WriteOpaque(groupId);
        writer.WriteUInt64(epoch);
        writer.WriteUInt8((byte)type);
        writer.WriteOpaque(authenticatedData);
        return writer;
    }
}
