using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>Makes and opens a Welcome (RFC 9420, section 12.4.3.1).</summary>
internal static class WelcomeFactory
{
    public static byte[] Create(
        MlsCipherSuite suite, GroupInfo groupInfo, byte[] joinerSecret, byte[] pskSecret, IReadOnlyList<PreSharedKeyId> psks,
        IReadOnlyList<(uint Leaf, MlsKeyPackage KeyPackage)> added, OwnPath? path)
    {
        var welcomeSecret = KeySchedule.WelcomeSecret(suite, joinerSecret, pskSecret);
        var (key, nonce) = KeySchedule.WelcomeKey(suite, welcomeSecret);
        var plaintext = MlsCodec.Encode(groupInfo);
        var encryptedGroupInfo = new byte[plaintext.Length + suite.Aead.TagLength];
        suite.Aead.Seal(key, nonce, default, plaintext, encryptedGroupInfo);
        CryptographicOperations.ZeroMemory(welcomeSecret);
        CryptographicOperations.ZeroMemory(key);
        var secrets = new EncryptedGroupSecrets[added.Count];
        using var writer = new MlsWriter();
        for (var i = 0; i < secrets.Length; i++)
        {
            writer.Clear();
            new GroupSecrets(joinerSecret, path?.PathSecretFor(added[i].Leaf), [.. psks]).Write(writer);
            secrets[i] = new EncryptedGroupSecrets(
                added[i].KeyPackage.ComputeReference(suite),
                suite.EncryptWithLabel(added[i].KeyPackage.InitKey, "Welcome"u8, encryptedGroupInfo, writer.Written));
        }

        return MlsMessage.Of(new Welcome(suite.Id, secrets, encryptedGroupInfo)).Encode();
    }

    public static GroupSecrets OpenSecrets(MlsCipherSuite suite, Welcome welcome, MlsKeyPackageBundle bundle)
    {
        if (bundle.KeyPackage.CipherSuite != welcome.CipherSuite)
        {
            throw new MlsException(MlsErrorCode.WelcomeNotForKeyPackage, "The Welcome is for another cipher suite than the key package.");
        }

        var reference = bundle.KeyPackage.ComputeReference(suite);
        foreach (var entry in welcome.Secrets)
        {
            if (entry.NewMember.AsSpan().SequenceEqual(reference))
            {
                var plaintext = suite.DecryptWithLabel(bundle.InitPrivateKey, bundle.KeyPackage.InitKey, "Welcome"u8, welcome.EncryptedGroupInfo, entry.Secrets);
                var secrets = MlsCodec.Decode<GroupSecrets>(plaintext);
                CryptographicOperations.ZeroMemory(plaintext);
                return secrets;
            }
        }

        throw new MlsException(MlsErrorCode.WelcomeNotForKeyPackage, "The Welcome holds nothing for the key package.");
    }

    public static GroupInfo OpenGroupInfo(MlsCipherSuite suite, Welcome welcome, byte[] joinerSecret, byte[] pskSecret)
    {
        var welcomeSecret = KeySchedule.WelcomeSecret(suite, joinerSecret, pskSecret);
        var (key, nonce) = KeySchedule.WelcomeKey(suite, welcomeSecret);
        CryptographicOperations.ZeroMemory(welcomeSecret);
        var plaintext = new byte[Math.Max(0, welcome.EncryptedGroupInfo.Length - suite.Aead.TagLength)];
        var opened = welcome.EncryptedGroupInfo.Length >= suite.Aead.TagLength && suite.Aead.TryOpen(key, nonce, default, welcome.EncryptedGroupInfo, plaintext);
        CryptographicOperations.ZeroMemory(key);
        return opened
            ? MlsCodec.Decode<GroupInfo>(plaintext)
            : throw new MlsException(MlsErrorCode.DecryptionFailed, "The Welcome does not decrypt.");
    }
}
