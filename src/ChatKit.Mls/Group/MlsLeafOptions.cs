namespace ChatKit.Mls;

/// <summary>What a client changes of its own leaf besides the encryption key. Null keeps what there is.</summary>
public sealed class MlsLeafOptions
{
    /// <summary>A new signature key; it must be among the signers of the group's options.</summary>
    public MlsSigner? Signer { get; init; }

    /// <summary>A new credential.</summary>
    public MlsCredential? Credential { get; init; }

    /// <summary>New capabilities.</summary>
    public MlsCapabilities? Capabilities { get; init; }

    /// <summary>New extensions of the leaf.</summary>
    public IReadOnlyList<MlsExtension>? Extensions { get; init; }
}
