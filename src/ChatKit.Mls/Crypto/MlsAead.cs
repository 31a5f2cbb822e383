namespace ChatKit.Mls;

/// <summary>
/// An AEAD for HPKE and message protection (RFC 9180, section 7.3; RFC 9420, section 5.1). Implementations hold no state and are safe
/// for concurrent use.
/// </summary>
public abstract class MlsAead
{
    /// <summary>The identifier from the HPKE AEAD registry.</summary>
    public abstract ushort Id { get; }

    /// <summary>Nk: bytes of a key.</summary>
    public abstract int KeyLength { get; }

    /// <summary>Nn: bytes of a nonce.</summary>
    public abstract int NonceLength { get; }

    /// <summary>Nt: bytes of the tag that follows the ciphertext.</summary>
    public abstract int TagLength { get; }

    /// <summary>Whether this operating system offers the algorithm.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>Encrypts.</summary>
    /// <param name="key">The key.</param>
    /// <param name="nonce">The nonce, used once with this key.</param>
    /// <param name="associatedData">Authenticated data.</param>
    /// <param name="plaintext">The plaintext.</param>
    /// <param name="ciphertext">Receives ciphertext and tag: <see cref="TagLength"/> longer than the plaintext.</param>
    public abstract void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext);

    /// <summary>Decrypts.</summary>
    /// <param name="key">The key.</param>
    /// <param name="nonce">The nonce.</param>
    /// <param name="associatedData">Authenticated data.</param>
    /// <param name="ciphertext">Ciphertext and tag, at least <see cref="TagLength"/> bytes.</param>
    /// <param name="plaintext">Receives the plaintext.</param>
    /// <returns>False if the tag does not verify.</returns>
    public abstract bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext);
}
