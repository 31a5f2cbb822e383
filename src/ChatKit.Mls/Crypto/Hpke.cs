namespace ChatKit.Mls;

/// <summary>HPKE (RFC 9180, section 5) in modes base and PSK over a cipher suite's KEM, KDF and AEAD.</summary>
internal static class Hpke
{
    public static HpkeContext SetupSender(
        MlsCipherSuite suite, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> info, out byte[] encapsulatedKey,
        ReadOnlySpan<byte> psk = default, ReadOnlySpan<byte> pskId = default)
    {
        Span<byte> secret = stackalloc byte[suite.Kem.SharedSecretLength];
        encapsulatedKey = new byte[suite.Kem.EncapsulatedKeyLength];
        suite.Kem.Encapsulate(publicKey, secret, encapsulatedKey);
        return HpkeContext.Schedule(suite, secret, info, psk, pskId);
    }

    public static HpkeContext SetupReceiver(
        MlsCipherSuite suite, ReadOnlySpan<byte> encapsulatedKey, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> info,
        ReadOnlySpan<byte> psk = default, ReadOnlySpan<byte> pskId = default)
    {
        Span<byte> secret = stackalloc byte[suite.Kem.SharedSecretLength];
        if (encapsulatedKey.Length != suite.Kem.EncapsulatedKeyLength)
        {
            throw new MlsException(MlsErrorCode.DecryptionFailed, "A ciphertext does not decrypt.");
        }

        suite.Kem.Decapsulate(encapsulatedKey, privateKey, publicKey, secret);
        return HpkeContext.Schedule(suite, secret, info, psk, pskId);
    }
}
