using NSec.Cryptography;

namespace ChatKit.Mls;

/// <summary>Ed25519 (RFC 8032) by libsodium.</summary>
internal sealed class Ed25519SignatureScheme : MlsSignatureScheme
{
    public static readonly Ed25519SignatureScheme Instance = new();

    public override bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key)
        && SignatureAlgorithm.Ed25519.Verify(key!, data, signature);

    public override bool IsValidPublicKey(ReadOnlySpan<byte> publicKey) => publicKey.Length == SignatureAlgorithm.Ed25519.PublicKeySize;
}
