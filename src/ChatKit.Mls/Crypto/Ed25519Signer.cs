using NSec.Cryptography;

namespace ChatKit.Mls;

/// <summary>
/// An Ed25519 identity key, kept in libsodium's guarded memory by NSec. Safe for concurrent use; zeroed on disposal.
/// </summary>
public sealed class Ed25519Signer : MlsSigner, IDisposable
{
    private readonly Key _key;
    private readonly byte[] _publicKey;

    private Ed25519Signer(Key key)
    {
        _key = key;
        _publicKey = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Makes a new key.</summary>
    /// <returns>The key; dispose it.</returns>
    public static Ed25519Signer Generate() =>
        new(Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <summary>Imports a private key.</summary>
    /// <param name="seed">The 32-byte seed (the raw private key of RFC 8032).</param>
    /// <returns>The key; dispose it.</returns>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.InvalidKey"/>: the seed has another length.</exception>
    public static Ed25519Signer Import(ReadOnlySpan<byte> seed)
    {
        var parameters = new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        return Key.TryImport(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, out var key, in parameters)
            ? new Ed25519Signer(key!)
            : throw new MlsException(MlsErrorCode.InvalidKey, "An Ed25519 private key is a seed of 32 bytes.");
    }

    /// <summary>Exports the 32-byte seed. Zero it after use.</summary>
    /// <returns>The seed.</returns>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public byte[] Export() => _key.Export(KeyBlobFormat.RawPrivateKey);

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public override byte[] Sign(ReadOnlySpan<byte> data) => SignatureAlgorithm.Ed25519.Sign(_key, data);

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _key.Dispose();
}
