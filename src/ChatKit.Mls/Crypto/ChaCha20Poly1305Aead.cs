using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>ChaCha20-Poly1305 of the platform.</summary>
internal sealed class ChaCha20Poly1305Aead : MlsAead
{
    public static readonly ChaCha20Poly1305Aead Instance = new();

    public override ushort Id => 3;

    public override int KeyLength => 32;

    public override int NonceLength => 12;

    public override int TagLength => 16;

    public override bool IsSupported => ChaCha20Poly1305.IsSupported;

    public override void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        using var aead = new ChaCha20Poly1305(key);
        aead.Encrypt(nonce, plaintext, ciphertext[..plaintext.Length], ciphertext[plaintext.Length..], associatedData);
    }

    public override bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        using var aead = new ChaCha20Poly1305(key);
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
