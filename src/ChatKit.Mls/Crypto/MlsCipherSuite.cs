using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>
/// A cipher suite (RFC 9420, section 5.1): KEM, AEAD, hash and signature scheme under one number. Two suites are built in; make further
/// ones from further parts. Immutable and safe for concurrent use.
/// </summary>
public sealed class MlsCipherSuite
{
    /// <summary>Makes a cipher suite of its parts.</summary>
    /// <param name="id">The number from the MLS cipher suite registry, or one from the private range 0xF000 to 0xFFFF.</param>
    /// <param name="name">The name for people and logs.</param>
    /// <param name="kem">The KEM of HPKE.</param>
    /// <param name="aead">The AEAD of HPKE and of message protection.</param>
    /// <param name="hash">SHA-256, SHA-384 or SHA-512: the hash, the MAC and the KDF.</param>
    /// <param name="signature">The signature scheme.</param>
    /// <exception cref="ArgumentException">The hash is not one of the three.</exception>
    public MlsCipherSuite(ushort id, string name, MlsKem kem, MlsAead aead, HashAlgorithmName hash, MlsSignatureScheme signature)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(kem);
        ArgumentNullException.ThrowIfNull(aead);
        ArgumentNullException.ThrowIfNull(signature);
        Id = id;
        Name = name;
        Kem = kem;
        Aead = aead;
        Hash = hash;
        Signature = signature;
        HashLength = LengthOf(hash);
        var kdf = HashLength switch { 32 => 1, 48 => 2, _ => 3 };
        HpkeSuiteId =
        [
            (byte)'H', (byte)'P', (byte)'K', (byte)'E',
            (byte)(kem.Id >> 8), (byte)kem.Id, 0, (byte)kdf, (byte)(aead.Id >> 8), (byte)aead.Id,
        ];
    }

    /// <summary>Suite 1: MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, the one every client must implement.</summary>
    public static MlsCipherSuite Mls128DhKemX25519Aes128GcmSha256Ed25519 { get; } = new(
        1, "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519", X25519Kem.Instance, AesGcm128Aead.Instance, HashAlgorithmName.SHA256, Ed25519SignatureScheme.Instance);

    /// <summary>Suite 3: MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519.</summary>
    public static MlsCipherSuite Mls128DhKemX25519ChaCha20Poly1305Sha256Ed25519 { get; } = new(
        3, "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519", X25519Kem.Instance, ChaCha20Poly1305Aead.Instance, HashAlgorithmName.SHA256, Ed25519SignatureScheme.Instance);

    /// <summary>The DHKEM(X25519, HKDF-SHA256) KEM, a part for further suites.</summary>
    public static MlsKem DhKemX25519 => X25519Kem.Instance;

    /// <summary>AES-128-GCM, a part for further suites.</summary>
    public static MlsAead Aes128Gcm => AesGcm128Aead.Instance;

    /// <summary>ChaCha20-Poly1305, a part for further suites.</summary>
    public static MlsAead ChaCha20Poly1305 => ChaCha20Poly1305Aead.Instance;

    /// <summary>Ed25519, a part for further suites.</summary>
    public static MlsSignatureScheme Ed25519 => Ed25519SignatureScheme.Instance;

    /// <summary>The number of the suite.</summary>
    public ushort Id { get; }

    /// <summary>The name for people and logs.</summary>
    public string Name { get; }

    /// <summary>The KEM.</summary>
    public MlsKem Kem { get; }

    /// <summary>The AEAD.</summary>
    public MlsAead Aead { get; }

    /// <summary>The hash.</summary>
    public HashAlgorithmName Hash { get; }

    /// <summary>Nh: bytes of a hash and of every secret of the key schedule.</summary>
    public int HashLength { get; }

    /// <summary>The signature scheme.</summary>
    public MlsSignatureScheme Signature { get; }

    internal byte[] HpkeSuiteId { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static int LengthOf(HashAlgorithmName hash) =>
        hash == HashAlgorithmName.SHA256 ? 32
        : hash == HashAlgorithmName.SHA384 ? 48
        : hash == HashAlgorithmName.SHA512 ? 64
        : throw new ArgumentException("The hash of a cipher suite is SHA-256, SHA-384 or SHA-512.", nameof(hash));

    internal void EnsureSupported()
    {
        if (!Aead.IsSupported)
        {
            throw new MlsException(
                MlsErrorCode.UnsupportedPlatform,
                $"This operating system's cryptography library does not offer the AEAD of {Name}. Use another cipher suite or install a current OpenSSL.");
        }
    }
}
