using Geralt;

namespace ChatKit.Mls.Tests;

/// <summary>The hybrid post-quantum KEM X-Wing, plugged in from outside the package.</summary>
internal sealed class XWingKem : MlsKem
{
    public override ushort Id => 0x647A;

    public override int PublicKeyLength => XWing.PublicKeySize;

    public override int PrivateKeyLength => XWing.PrivateKeySize;

    public override int EncapsulatedKeyLength => XWing.CiphertextSize;

    public override int SharedSecretLength => XWing.SharedSecretSize;

    public override void DeriveKeyPair(ReadOnlySpan<byte> inputKeyMaterial, Span<byte> privateKey, Span<byte> publicKey)
    {
        var seed = System.Security.Cryptography.Shake256.HashData(inputKeyMaterial, XWing.SeedSize);
        XWing.GenerateKeyPair(publicKey, privateKey, seed);
    }

    public override void GenerateKeyPair(Span<byte> privateKey, Span<byte> publicKey) => XWing.GenerateKeyPair(publicKey, privateKey);

    public override void Encapsulate(ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret, Span<byte> encapsulatedKey) =>
        XWing.Encapsulate(sharedSecret, encapsulatedKey, publicKey);

    public override void Decapsulate(
        ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret) =>
        XWing.Decapsulate(sharedSecret, encapsulatedKey, privateKey);

    public override bool Matches(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey)
    {
        var computed = new byte[PublicKeyLength];
        var copy = new byte[PrivateKeyLength];
        XWing.GenerateKeyPair(computed, copy, privateKey);
        return publicKey.SequenceEqual(computed);
    }
}
