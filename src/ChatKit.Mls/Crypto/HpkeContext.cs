using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>An HPKE encryption context (RFC 9180, sections 5.1 to 5.3). Not safe for concurrent use; zeroed on disposal.</summary>
internal sealed class HpkeContext : IDisposable
{
    private readonly MlsCipherSuite _suite;
    private readonly byte[] _key;
    private readonly byte[] _baseNonce;
    private readonly byte[] _exporterSecret;
    private ulong _sequence;

    private HpkeContext(MlsCipherSuite suite, byte[] key, byte[] baseNonce, byte[] exporterSecret)
    {
        _suite = suite;
        _key = key;
        _baseNonce = baseNonce;
        _exporterSecret = exporterSecret;
    }

    public ReadOnlySpan<byte> Key => _key;

    public ReadOnlySpan<byte> BaseNonce => _baseNonce;

    public ReadOnlySpan<byte> ExporterSecret => _exporterSecret;

    /// <summary>KeySchedule of RFC 9180, section 5.1. Zeroes the shared secret.</summary>
    public static HpkeContext Schedule(MlsCipherSuite suite, Span<byte> sharedSecret, ReadOnlySpan<byte> info, ReadOnlySpan<byte> psk, ReadOnlySpan<byte> pskId) =>
        Schedule(suite, psk.IsEmpty ? (byte)0 : (byte)1, sharedSecret, info, psk, pskId);

    /// <summary>The same for any mode: base 0, PSK 1, authenticated 2, both 3. Zeroes the shared secret.</summary>
    public static HpkeContext Schedule(
        MlsCipherSuite suite, byte mode, Span<byte> sharedSecret, ReadOnlySpan<byte> info, ReadOnlySpan<byte> psk, ReadOnlySpan<byte> pskId)
    {
        if (psk.IsEmpty != pskId.IsEmpty)
        {
            throw new ArgumentException("A PSK and its identifier go together (RFC 9180, section 5.1).", nameof(psk));
        }

        var length = suite.HashLength;
        var id = suite.HpkeSuiteId;
        Span<byte> context = stackalloc byte[1 + (2 * length)];
        Span<byte> secret = stackalloc byte[length];
        context[0] = mode;
        HpkeKdf.LabeledExtract(suite.Hash, id, default, "psk_id_hash"u8, pskId, context.Slice(1, length));
        HpkeKdf.LabeledExtract(suite.Hash, id, default, "info_hash"u8, info, context.Slice(1 + length, length));
        HpkeKdf.LabeledExtract(suite.Hash, id, sharedSecret, "secret"u8, psk, secret);
        var key = new byte[suite.Aead.KeyLength];
        var nonce = new byte[suite.Aead.NonceLength];
        var exporter = new byte[length];
        HpkeKdf.LabeledExpand(suite.Hash, id, secret, "key"u8, context, key);
        HpkeKdf.LabeledExpand(suite.Hash, id, secret, "base_nonce"u8, context, nonce);
        HpkeKdf.LabeledExpand(suite.Hash, id, secret, "exp"u8, context, exporter);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(sharedSecret);
        return new HpkeContext(suite, key, nonce, exporter);
    }

    public byte[] Seal(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[_baseNonce.Length];
        NextNonce(nonce);
        var ciphertext = new byte[plaintext.Length + _suite.Aead.TagLength];
        _suite.Aead.Seal(_key, nonce, associatedData, plaintext, ciphertext);
        return ciphertext;
    }

    public byte[] Open(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> nonce = stackalloc byte[_baseNonce.Length];
        NextNonce(nonce);
        if (ciphertext.Length >= _suite.Aead.TagLength)
        {
            var plaintext = new byte[ciphertext.Length - _suite.Aead.TagLength];
            if (_suite.Aead.TryOpen(_key, nonce, associatedData, ciphertext, plaintext))
            {
                return plaintext;
            }
        }

        throw new MlsException(MlsErrorCode.DecryptionFailed, "A ciphertext does not decrypt.");
    }

    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> output) =>
        HpkeKdf.LabeledExpand(_suite.Hash, _suite.HpkeSuiteId, _exporterSecret, "sec"u8, exporterContext, output);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_baseNonce);
        CryptographicOperations.ZeroMemory(_exporterSecret);
    }

    private void NextNonce(Span<byte> nonce)
    {
        Span<byte> sequence = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(sequence, _sequence);
        _sequence = checked(_sequence + 1);
        _baseNonce.CopyTo(nonce);
        for (var i = 0; i < 8; i++)
        {
            nonce[nonce.Length - 8 + i] ^= sequence[i];
        }
    }
}
