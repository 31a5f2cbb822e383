namespace ChatKit.Mls;

/// <summary>
/// The signing side of a client's identity: a long-lived private signature key (RFC 9420, section 5.1.2). Derive from it to keep the key
/// in a device's key store.
/// </summary>
public abstract class MlsSigner
{
    /// <summary>The public key as RFC 9420, section 5.1.1, encodes it.</summary>
    public abstract ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs.</summary>
    /// <param name="data">The data.</param>
    /// <returns>The signature.</returns>
    public abstract byte[] Sign(ReadOnlySpan<byte> data);
}
