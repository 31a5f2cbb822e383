using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>The labelled functions of RFC 9420, sections 5.1, 5.2, 8 and 9, over a cipher suite.</summary>
internal static class CipherSuiteOperations
{
    private static ReadOnlySpan<byte> Prefix => "MLS 1.0 "u8;

    public static byte[] HashOf(this MlsCipherSuite suite, ReadOnlySpan<byte> data)
    {
        var result = new byte[suite.HashLength];
        CryptographicOperations.HashData(suite.Hash, data, result);
        return result;
    }

    public static byte[] Mac(this MlsCipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        var result = new byte[suite.HashLength];
        CryptographicOperations.HmacData(suite.Hash, key, data, result);
        return result;
    }

    public static byte[] Extract(this MlsCipherSuite suite, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> inputKeyMaterial)
    {
        var result = new byte[suite.HashLength];
        HpkeKdf.Extract(suite.Hash, salt, inputKeyMaterial, result);
        return result;
    }

    public static void ExpandWithLabel(
        this MlsCipherSuite suite, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        using var info = new ScratchBuffer(stackalloc byte[512]);
        info.AppendUInt16(checked((ushort)output.Length));
        info.AppendOpaque(Prefix, label);
        info.AppendOpaque(context);
        HpkeKdf.Expand(suite.Hash, suite.HashLength, secret, info.Written, output);
    }

    public static byte[] ExpandWithLabel(
        this MlsCipherSuite suite, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, int length)
    {
        var result = new byte[length];
        suite.ExpandWithLabel(secret, label, context, result);
        return result;
    }

    public static byte[] DeriveSecret(this MlsCipherSuite suite, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label) =>
        suite.ExpandWithLabel(secret, label, default, suite.HashLength);

    public static void DeriveTreeSecret(
        this MlsCipherSuite suite, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, uint generation, Span<byte> output)
    {
        Span<byte> context = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(context, generation);
        suite.ExpandWithLabel(secret, label, context, output);
    }

    /// <summary>RefHash of RFC 9420, section 5.2; the label is used as it is.</summary>
    public static byte[] RefHash(this MlsCipherSuite suite, ReadOnlySpan<byte> label, ReadOnlySpan<byte> value)
    {
        using var input = new ScratchBuffer(stackalloc byte[1024]);
        input.AppendOpaque(label);
        input.AppendOpaque(value);
        return suite.HashOf(input.Written);
    }

    public static byte[] SignWithLabel(this MlsSigner signer, ReadOnlySpan<byte> label, ReadOnlySpan<byte> content)
    {
        using var input = new ScratchBuffer(stackalloc byte[1024]);
        input.AppendOpaque(Prefix, label);
        input.AppendOpaque(content);
        return signer.Sign(input.Written);
    }

    public static bool VerifyWithLabel(
        this MlsCipherSuite suite, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        using var input = new ScratchBuffer(stackalloc byte[1024]);
        input.AppendOpaque(Prefix, label);
        input.AppendOpaque(content);
        return suite.Signature.Verify(publicKey, input.Written, signature);
    }

    public static HpkeCiphertext EncryptWithLabel(
        this MlsCipherSuite suite, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plaintext)
    {
        using var info = new ScratchBuffer(stackalloc byte[512]);
        info.AppendOpaque(Prefix, label);
        info.AppendOpaque(context);
        using var hpke = Hpke.SetupSender(suite, publicKey, info.Written, out var encapsulatedKey);
        return new HpkeCiphertext(encapsulatedKey, hpke.Seal(default, plaintext));
    }

    public static byte[] DecryptWithLabel(
        this MlsCipherSuite suite, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, HpkeCiphertext ciphertext)
    {
        using var info = new ScratchBuffer(stackalloc byte[512]);
        info.AppendOpaque(Prefix, label);
        info.AppendOpaque(context);
        using var hpke = Hpke.SetupReceiver(suite, ciphertext.KemOutput, privateKey, publicKey, info.Written);
        return hpke.Open(default, ciphertext.Ciphertext);
    }

    public static HpkeKeyPair DeriveKeyPair(this MlsCipherSuite suite, ReadOnlySpan<byte> inputKeyMaterial)
    {
        var privateKey = new byte[suite.Kem.PrivateKeyLength];
        var publicKey = new byte[suite.Kem.PublicKeyLength];
        suite.Kem.DeriveKeyPair(inputKeyMaterial, privateKey, publicKey);
        return new HpkeKeyPair(privateKey, publicKey);
    }

    public static HpkeKeyPair GenerateKeyPair(this MlsCipherSuite suite)
    {
        var privateKey = new byte[suite.Kem.PrivateKeyLength];
        var publicKey = new byte[suite.Kem.PublicKeyLength];
        suite.Kem.GenerateKeyPair(privateKey, publicKey);
        return new HpkeKeyPair(privateKey, publicKey);
    }
}
