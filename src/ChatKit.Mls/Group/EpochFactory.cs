using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>Computes the epoch that a commit starts (RFC 9420, sections 8 and 12.4).</summary>
internal static class EpochFactory
{
    /// <summary>
    /// The secrets of the next epoch. The commit secret, the PSK secret and the init secret stay the caller's; the joiner secret is returned.
    /// </summary>
    public static (EpochSecrets Secrets, byte[] EncryptionSecret, byte[] JoinerSecret) Schedule(
        MlsCipherSuite suite, ReadOnlySpan<byte> initSecret, ReadOnlySpan<byte> commitSecret, ReadOnlySpan<byte> pskSecret, GroupContext context)
    {
        using var writer = new MlsWriter();
        context.Write(writer);
        var joiner = KeySchedule.JoinerSecret(suite, initSecret, commitSecret, writer.Written);
        var secrets = KeySchedule.Epoch(suite, joiner, pskSecret, writer.Written, out var encryptionSecret);
        return (secrets, encryptionSecret, joiner);
    }

    /// <summary>Puts an epoch together once its confirmation tag is known to be right.</summary>
    public static EpochState Finish(
        MlsCipherSuite suite, GroupContext context, RatchetTree tree, uint ownLeaf, Dictionary<int, byte[]> privateKeys, byte[] confirmationTag,
        EpochSecrets secrets, byte[] encryptionSecret) => new(
            suite, context, tree, ownLeaf, privateKeys, confirmationTag,
            KeySchedule.InterimTranscriptHash(suite, context.ConfirmedTranscriptHash, confirmationTag), secrets,
            new SecretTree(suite, tree.LeafCount, encryptionSecret));

    /// <summary>Epoch 0 of a new group with one member (section 11).</summary>
    public static EpochState First(
        MlsCipherSuite suite, byte[] groupId, LeafNode leaf, byte[] leafPrivateKey, MlsExtension[] extensions)
    {
        var tree = new RatchetTree(suite, leaf);
        var context = new GroupContext(ProtocolVersion.Mls10, suite.Id, groupId, 0, tree.TreeHash(), [], extensions);
        Span<byte> epochSecret = stackalloc byte[suite.HashLength];
        RandomNumberGenerator.Fill(epochSecret);
        var secrets = EpochSecrets.Derive(suite, epochSecret, out var encryptionSecret);
        CryptographicOperations.ZeroMemory(epochSecret);
        var tag = suite.Mac(secrets.ConfirmationKey, context.ConfirmedTranscriptHash);
        return Finish(suite, context, tree, 0, new Dictionary<int, byte[]> { [0] = leafPrivateKey }, tag, secrets, encryptionSecret);
    }

    /// <summary>The external key pair of an epoch (section 8.3).</summary>
    public static HpkeKeyPair ExternalKeyPair(MlsCipherSuite suite, EpochSecrets secrets) => suite.DeriveKeyPair(secrets.ExternalSecret);

    /// <summary>The sender's side of the external init secret (section 8.3).</summary>
    public static byte[] ExternalInitSecret(MlsCipherSuite suite, ReadOnlySpan<byte> externalPub, out byte[] kemOutput)
    {
        if (externalPub.Length != suite.Kem.PublicKeyLength)
        {
            throw new MlsException(MlsErrorCode.InvalidGroupInfo, "The external_pub of a GroupInfo has a wrong length.");
        }

        using var hpke = Hpke.SetupSender(suite, externalPub, default, out kemOutput);
        return Export(suite, hpke);
    }

    /// <summary>A member's side of the external init secret (section 8.3).</summary>
    public static byte[] ExternalInitSecret(MlsCipherSuite suite, EpochSecrets secrets, ReadOnlySpan<byte> kemOutput)
    {
        var pair = ExternalKeyPair(suite, secrets);
        using var hpke = Hpke.SetupReceiver(suite, kemOutput, pair.PrivateKey, pair.PublicKey, default);
        CryptographicOperations.ZeroMemory(pair.PrivateKey);
        return Export(suite, hpke);
    }

    private static byte[] Export(MlsCipherSuite suite, HpkeContext hpke)
    {
        var result = new byte[suite.HashLength];
        hpke.Export("MLS 1.0 external init secret"u8, result);
        return result;
    }
}
