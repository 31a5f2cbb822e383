namespace ChatKit.Mls;

/// <summary>
/// The verifying side of a cipher suite's signature algorithm (RFC 9420, section 5.1.2). Implementations hold no state and are safe for
/// concurrent use.
/// </summary>
public abstract class MlsSignatureScheme
{
    /// <summary>Verifies a signature.</summary>
    /// <param name="publicKey">The public key as RFC 9420, section 5.1.1, encodes it.</param>
    /// <param name="data">The signed data.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>False if it does not verify or if the key or signature has a wrong form.</returns>
    public abstract bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>Whether a public key has the right form for this algorithm.</summary>
    /// <param name="publicKey">The public key.</param>
    /// <returns>True if it can be used.</returns>
    public abstract bool IsValidPublicKey(ReadOnlySpan<byte> publicKey);
}
