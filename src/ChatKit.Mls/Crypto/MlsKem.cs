namespace ChatKit.Mls;

/// <summary>
/// A key encapsulation mechanism for HPKE (RFC 9180, section 4) as a cipher suite uses it. Make one to plug in a further suite, for
/// example a hybrid post-quantum one. Implementations hold no state and are safe for concurrent use.
/// </summary>
public abstract class MlsKem
{
    /// <summary>The identifier from the HPKE KEM registry (RFC 9180, section 7.1).</summary>
    public abstract ushort Id { get; }

    /// <summary>Npk: bytes of a serialised public key.</summary>
    public abstract int PublicKeyLength { get; }

    /// <summary>Nsk: bytes of a serialised private key.</summary>
    public abstract int PrivateKeyLength { get; }

    /// <summary>Nenc: bytes of an encapsulated key.</summary>
    public abstract int EncapsulatedKeyLength { get; }

    /// <summary>Nsecret: bytes of the shared secret.</summary>
    public abstract int SharedSecretLength { get; }

    /// <summary>DeriveKeyPair(ikm) of RFC 9180, section 7.1.3.</summary>
    /// <param name="inputKeyMaterial">The input key material.</param>
    /// <param name="privateKey">Receives the private key.</param>
    /// <param name="publicKey">Receives the public key.</param>
    public abstract void DeriveKeyPair(ReadOnlySpan<byte> inputKeyMaterial, Span<byte> privateKey, Span<byte> publicKey);

    /// <summary>GenerateKeyPair() of RFC 9180, section 4.</summary>
    /// <param name="privateKey">Receives the private key.</param>
    /// <param name="publicKey">Receives the public key.</param>
    public abstract void GenerateKeyPair(Span<byte> privateKey, Span<byte> publicKey);

    /// <summary>Encap(pkR) of RFC 9180, section 4.</summary>
    /// <param name="publicKey">The recipient's public key.</param>
    /// <param name="sharedSecret">Receives the shared secret.</param>
    /// <param name="encapsulatedKey">Receives the encapsulated key.</param>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.InvalidKey"/>: the public key is not valid.</exception>
    public abstract void Encapsulate(ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret, Span<byte> encapsulatedKey);

    /// <summary>Decap(enc, skR) of RFC 9180, section 4.</summary>
    /// <param name="encapsulatedKey">The encapsulated key.</param>
    /// <param name="privateKey">The recipient's private key.</param>
    /// <param name="publicKey">The public key that belongs to <paramref name="privateKey"/>.</param>
    /// <param name="sharedSecret">Receives the shared secret.</param>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.DecryptionFailed"/>: the encapsulated key is not valid.</exception>
    public abstract void Decapsulate(
        ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret);

    /// <summary>Whether a private key belongs to a public key.</summary>
    /// <param name="privateKey">The private key.</param>
    /// <param name="publicKey">The public key.</param>
    /// <returns>True if they belong together.</returns>
    public abstract bool Matches(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey);
}
