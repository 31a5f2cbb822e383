using System.Security.Cryptography;
using Geralt;

namespace ChatKit.Mls;

/// <summary>DHKEM(X25519, HKDF-SHA256) of RFC 9180, section 4.1, over Geralt: spans in, spans out, no key objects.</summary>
internal sealed class X25519Kem : MlsKem
{
    public static readonly X25519Kem Instance = new();

    private const int Size = 32;
    private static readonly byte[] SuiteId = [(byte)'K', (byte)'E', (byte)'M', 0x00, 0x20];

    public override ushort Id => 0x0020;

    public override int PublicKeyLength => Size;

    public override int PrivateKeyLength => Size;

    public override int EncapsulatedKeyLength => Size;

    public override int SharedSecretLength => Size;

    public override void DeriveKeyPair(ReadOnlySpan<byte> inputKeyMaterial, Span<byte> privateKey, Span<byte> publicKey)
    {
        Span<byte> prk = stackalloc byte[32];
        HpkeKdf.LabeledExtract(HashAlgorithmName.SHA256, SuiteId, default, "dkp_prk"u8, inputKeyMaterial, prk);
        HpkeKdf.LabeledExpand(HashAlgorithmName.SHA256, SuiteId, prk, "sk"u8, default, privateKey);
        CryptographicOperations.ZeroMemory(prk);
        X25519.ComputePublicKey(publicKey, privateKey);
    }

    public override void GenerateKeyPair(Span<byte> privateKey, Span<byte> publicKey) => X25519.GenerateKeyPair(publicKey, privateKey);

    public override void Encapsulate(ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret, Span<byte> encapsulatedKey)
    {
        Span<byte> ephemeral = stackalloc byte[Size];
        X25519.GenerateKeyPair(encapsulatedKey, ephemeral);
        EncapsulateWith(ephemeral, encapsulatedKey, publicKey, sharedSecret);
        CryptographicOperations.ZeroMemory(ephemeral);
    }

    /// <summary>The deterministic core of Encap, for the vectors of RFC 9180.</summary>
    public static void EncapsulateWith(
        ReadOnlySpan<byte> ephemeralPrivateKey, ReadOnlySpan<byte> ephemeralPublicKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret)
    {
        Span<byte> agreed = stackalloc byte[Size];
        if (!TryAgree(ephemeralPrivateKey, publicKey, agreed))
        {
            throw new MlsException(MlsErrorCode.InvalidKey, "An X25519 public key is not valid.");
        }

        ExtractAndExpand(agreed, ephemeralPublicKey, publicKey, sharedSecret);
        CryptographicOperations.ZeroMemory(agreed);
    }

    public override void Decapsulate(
        ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret)
    {
        Span<byte> agreed = stackalloc byte[Size];
        if (!TryAgree(privateKey, encapsulatedKey, agreed))
        {
            throw new MlsException(MlsErrorCode.DecryptionFailed, "A ciphertext does not decrypt.");
        }

        ExtractAndExpand(agreed, encapsulatedKey, publicKey, sharedSecret);
        CryptographicOperations.ZeroMemory(agreed);
    }

    public override bool Matches(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        if (privateKey.Length != Size || publicKey.Length != Size)
        {
            return false;
        }

        Span<byte> computed = stackalloc byte[Size];
        X25519.ComputePublicKey(computed, privateKey);
        return CryptographicOperations.FixedTimeEquals(computed, publicKey);
    }

    private static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> agreed)
    {
        if (privateKey.Length != Size || publicKey.Length != Size)
        {
            return false;
        }

        try
        {
            X25519.ComputeSharedSecret(agreed, privateKey, publicKey);
            return true;
        }
        catch (CryptographicException)
        {
            // A point of small order: the shared secret would be zero (RFC 9180, section 7.1.4).
            return false;
        }
    }

    private static void ExtractAndExpand(
        ReadOnlySpan<byte> agreed, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret)
    {
        Span<byte> prk = stackalloc byte[32];
        Span<byte> context = stackalloc byte[2 * Size];
        encapsulatedKey.CopyTo(context);
        publicKey.CopyTo(context[Size..]);
        HpkeKdf.LabeledExtract(HashAlgorithmName.SHA256, SuiteId, default, "eae_prk"u8, agreed, prk);
        HpkeKdf.LabeledExpand(HashAlgorithmName.SHA256, SuiteId, prk, "shared_secret"u8, context, sharedSecret);
        CryptographicOperations.ZeroMemory(prk);
    }
}
