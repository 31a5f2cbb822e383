using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>The secrets of one epoch (RFC 9420, section 8). Zeroed on disposal.</summary>
internal sealed class EpochSecrets : IDisposable
{
    private EpochSecrets(
        byte[] senderData, byte[] exporter, byte[] external, byte[] confirmationKey, byte[] membershipKey, byte[] resumptionPsk, byte[] authenticator, byte[] init)
    {
        SenderDataSecret = senderData;
        ExporterSecret = exporter;
        ExternalSecret = external;
        ConfirmationKey = confirmationKey;
        MembershipKey = membershipKey;
        ResumptionPsk = resumptionPsk;
        EpochAuthenticator = authenticator;
        InitSecret = init;
    }

    public byte[] SenderDataSecret { get; }

    public byte[] ExporterSecret { get; }

    public byte[] ExternalSecret { get; }

    public byte[] ConfirmationKey { get; }

    public byte[] MembershipKey { get; }

    public byte[] ResumptionPsk { get; }

    public byte[] EpochAuthenticator { get; }

    public byte[] InitSecret { get; }

    /// <summary>Derives all secrets from the epoch secret, which is not kept; the encryption secret goes into the secret tree.</summary>
    public static EpochSecrets Derive(MlsCipherSuite suite, ReadOnlySpan<byte> epochSecret, out byte[] encryptionSecret)
    {
        encryptionSecret = suite.DeriveSecret(epochSecret, "encryption"u8);
        return new EpochSecrets(
            suite.DeriveSecret(epochSecret, "sender data"u8),
            suite.DeriveSecret(epochSecret, "exporter"u8),
            suite.DeriveSecret(epochSecret, "external"u8),
            suite.DeriveSecret(epochSecret, "confirm"u8),
            suite.DeriveSecret(epochSecret, "membership"u8),
            suite.DeriveSecret(epochSecret, "resumption"u8),
            suite.DeriveSecret(epochSecret, "authentication"u8),
            suite.DeriveSecret(epochSecret, "init"u8));
    }

    public static EpochSecrets Read(ref MlsReader reader) => new(
        reader.ReadOpaque(), reader.ReadOpaque(), reader.ReadOpaque(), reader.ReadOpaque(), reader.ReadOpaque(), reader.ReadOpaque(), reader.ReadOpaque(), reader.ReadOpaque());

    public void Write(MlsWriter writer)
    {
        writer.WriteOpaque(SenderDataSecret);
        writer.WriteOpaque(ExporterSecret);
        writer.WriteOpaque(ExternalSecret);
        writer.WriteOpaque(ConfirmationKey);
        writer.WriteOpaque(MembershipKey);
        writer.WriteOpaque(ResumptionPsk);
        writer.WriteOpaque(EpochAuthenticator);
        writer.WriteOpaque(InitSecret);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(SenderDataSecret);
        CryptographicOperations.ZeroMemory(ExporterSecret);
        CryptographicOperations.ZeroMemory(ExternalSecret);
        CryptographicOperations.ZeroMemory(ConfirmationKey);
        CryptographicOperations.ZeroMemory(MembershipKey);
        CryptographicOperations.ZeroMemory(ResumptionPsk);
        CryptographicOperations.ZeroMemory(EpochAuthenticator);
        CryptographicOperations.ZeroMemory(InitSecret);
    }
}
