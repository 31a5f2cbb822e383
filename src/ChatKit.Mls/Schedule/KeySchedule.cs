using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>The key schedule and the transcript hashes (RFC 9420, section 8).</summary>
internal static class KeySchedule
{
    public static byte[] JoinerSecret(MlsCipherSuite suite, ReadOnlySpan<byte> initSecret, ReadOnlySpan<byte> commitSecret, ReadOnlySpan<byte> groupContext)
    {
        var extracted = suite.Extract(initSecret, commitSecret);
        var joiner = suite.ExpandWithLabel(extracted, "joiner"u8, groupContext, suite.HashLength);
        CryptographicOperations.ZeroMemory(extracted);
        return joiner;
    }

    public static byte[] WelcomeSecret(MlsCipherSuite suite, ReadOnlySpan<byte> joinerSecret, ReadOnlySpan<byte> pskSecret)
    {
        var member = suite.Extract(joinerSecret, pskSecret);
        var welcome = suite.DeriveSecret(member, "welcome"u8);
        CryptographicOperations.ZeroMemory(member);
        return welcome;
    }

    public static EpochSecrets Epoch(
        MlsCipherSuite suite, ReadOnlySpan<byte> joinerSecret, ReadOnlySpan<byte> pskSecret, ReadOnlySpan<byte> groupContext, out byte[] encryptionSecret)
    {
        var member = suite.Extract(joinerSecret, pskSecret);
        var epoch = suite.ExpandWithLabel(member, "epoch"u8, groupContext, suite.HashLength);
        var secrets = EpochSecrets.Derive(suite, epoch, out encryptionSecret);
        CryptographicOperations.ZeroMemory(member);
        CryptographicOperations.ZeroMemory(epoch);
        return secrets;
    }

    /// <summary>psk_secret of section 8.4.</summary>
    public static byte[] PskSecret(MlsCipherSuite suite, IReadOnlyList<(PreSharedKeyId Id, byte[] Psk)> psks)
    {
        var secret = new byte[suite.HashLength];
        Span<byte> zero = stackalloc byte[suite.HashLength];
        zero.Clear();
        using var writer = new MlsWriter();
        for (var i = 0; i < psks.Count; i++)
        {
            writer.Clear();
            psks[i].Id.Write(writer);
            writer.WriteUInt16(checked((ushort)i));
            writer.WriteUInt16(checked((ushort)psks.Count));
            var extracted = suite.Extract(zero, psks[i].Psk);
            var input = suite.ExpandWithLabel(extracted, "derived psk"u8, writer.Written, suite.HashLength);
            var next = suite.Extract(input, secret);
            CryptographicOperations.ZeroMemory(extracted);
            CryptographicOperations.ZeroMemory(input);
            CryptographicOperations.ZeroMemory(secret);
            secret = next;
        }

        return secret;
    }

    /// <summary>MLS-Exporter of section 8.5.</summary>
    public static byte[] Export(MlsCipherSuite suite, ReadOnlySpan<byte> exporterSecret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, int length)
    {
        var derived = suite.DeriveSecret(exporterSecret, label);
        var result = suite.ExpandWithLabel(derived, "exported"u8, suite.HashOf(context), length);
        CryptographicOperations.ZeroMemory(derived);
        return result;
    }

    public static byte[] ConfirmedTranscriptHash(MlsCipherSuite suite, ReadOnlySpan<byte> interimBefore, AuthenticatedContent commit)
    {
        using var writer = new MlsWriter(2048);
        writer.WriteBytes(interimBefore);
        commit.WriteConfirmedTranscriptHashInput(writer);
        return suite.HashOf(writer.Written);
    }

    public static byte[] InterimTranscriptHash(MlsCipherSuite suite, ReadOnlySpan<byte> confirmed, ReadOnlySpan<byte> confirmationTag)
    {
        using var writer = new MlsWriter();
        writer.WriteBytes(confirmed);
        writer.WriteOpaque(confirmationTag);
        return suite.HashOf(writer.Written);
    }

    /// <summary>The welcome key and nonce of section 12.4.3.1.</summary>
    public static (byte[] Key, byte[] Nonce) WelcomeKey(MlsCipherSuite suite, ReadOnlySpan<byte> welcomeSecret) => (
        suite.ExpandWithLabel(welcomeSecret, "key"u8, default, suite.Aead.KeyLength),
        suite.ExpandWithLabel(welcomeSecret, "nonce"u8, default, suite.Aead.NonceLength));
}
