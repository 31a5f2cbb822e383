using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>
/// A key package with its private keys. Keep it secret until a Welcome has used it, then dispose it and delete what was stored of it, unless
/// it is of last resort. Zeroed on disposal; not safe for concurrent disposal.
/// </summary>
public sealed class MlsKeyPackageBundle : IDisposable
{
    private readonly byte[] _initPrivateKey;
    private readonly byte[] _leafPrivateKey;
    private bool _disposed;

    internal MlsKeyPackageBundle(MlsKeyPackage keyPackage, byte[] initPrivateKey, byte[] leafPrivateKey)
    {
        KeyPackage = keyPackage;
        _initPrivateKey = initPrivateKey;
        _leafPrivateKey = leafPrivateKey;
    }

    /// <summary>The public part, to publish.</summary>
    public MlsKeyPackage KeyPackage { get; }

    internal ReadOnlySpan<byte> InitPrivateKey
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _initPrivateKey;
        }
    }

    internal ReadOnlySpan<byte> LeafPrivateKey
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _leafPrivateKey;
        }
    }

    /// <summary>Makes a key package (RFC 9420, section 10).</summary>
    /// <param name="suite">The cipher suite.</param>
    /// <param name="signer">The client's signature key.</param>
    /// <param name="credential">The client's credential.</param>
    /// <param name="options">Lifetime, capabilities and more.</param>
    /// <returns>The key package with its private keys.</returns>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.UnsupportedPlatform"/>: this system lacks the suite's AEAD.</exception>
    public static MlsKeyPackageBundle Create(MlsCipherSuite suite, MlsSigner signer, MlsCredential credential, MlsKeyPackageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(suite);
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(credential);
        options ??= new MlsKeyPackageOptions();
        suite.EnsureSupported();
        var init = suite.GenerateKeyPair();
        var leaf = suite.GenerateKeyPair();
        var node = LeafNode.Create(
            signer, leaf.PublicKey, credential, options.CapabilitiesFor(suite), LeafNodeSource.KeyPackage, options.LifetimeOrDefault(), [], [.. options.LeafExtensions], default, 0);
        MlsExtension[] extensions = options.LastResort
            ? [.. options.Extensions.Where(e => e.Type != MlsExtensionType.LastResort), new MlsExtension(MlsExtensionType.LastResort, Array.Empty<byte>())]
            : [.. options.Extensions];
        return new MlsKeyPackageBundle(MlsKeyPackage.Create(suite, signer, init.PublicKey, node, extensions), init.PrivateKey, leaf.PrivateKey);
    }

    /// <summary>Restores a bundle from <see cref="Serialize"/>.</summary>
    /// <param name="data">The serialised bundle.</param>
    /// <returns>The bundle.</returns>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.Malformed"/>.</exception>
    public static MlsKeyPackageBundle Deserialize(ReadOnlySpan<byte> data)
    {
        var reader = new MlsReader(data);
        var keyPackage = Structure.Read<MlsKeyPackage>(ref reader);
        var bundle = new MlsKeyPackageBundle(keyPackage, reader.ReadOpaque(), reader.ReadOpaque());
        reader.EnsureEnd();
        return bundle;
    }

    /// <summary>Serialises the bundle. The result holds private keys: encrypt it at rest.</summary>
    /// <returns>The bytes.</returns>
    /// <exception cref="ObjectDisposedException">The bundle was disposed.</exception>
    public byte[] Serialize()
    {
        using var writer = new MlsWriter(1024);
        Structure.Write(writer, KeyPackage);
        writer.WriteOpaque(InitPrivateKey);
        writer.WriteOpaque(LeafPrivateKey);
        return writer.ToArray();
    }

    /// <summary>Zeroes the private keys.</summary>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_initPrivateKey);
        CryptographicOperations.ZeroMemory(_leafPrivateKey);
    }
}
