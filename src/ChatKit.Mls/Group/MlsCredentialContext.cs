namespace ChatKit.Mls;

/// <summary>What a credential validator is asked about.</summary>
public readonly struct MlsCredentialContext
{
    internal MlsCredentialContext(MlsCredential credential, byte[] signatureKey, MlsCredential? previous)
    {
        Credential = credential;
        SignatureKey = signatureKey;
        Previous = previous;
    }

    /// <summary>The credential.</summary>
    public MlsCredential Credential { get; }

    /// <summary>The public signature key that the credential must belong to.</summary>
    public ReadOnlyMemory<byte> SignatureKey { get; }

    /// <summary>The credential that it replaces in the same leaf; null for a new member.</summary>
    public MlsCredential? Previous { get; }
}
