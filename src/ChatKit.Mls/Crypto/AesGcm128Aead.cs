using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>AES-128-GCM of the platform.</summary>
internal sealed class AesGcm128Aead : MlsAead
{
    public static readonly AesGcm128Aead Instance = new();

    public override ushort Id => 1;

    public override int KeyLength => 16;

    public override int NonceLength => 12;

    public override int TagLength => 16;

    public override bool IsSupported => AesGcm.IsSupported;

    public override void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        using var aead = new AesGcm(key, TagLength);
        aead.Encrypt(nonce, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], associatedData);
    }

    public override bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        using var aead = new AesGcm(key, TagLength);
        try
        {
            aead.Decrypt(nonce, ciphertext[..^TagLength], ciphertext[^TagLength..], plaintext, associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
