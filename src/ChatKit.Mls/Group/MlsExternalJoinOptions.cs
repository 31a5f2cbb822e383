namespace ChatKit.Mls;

/// <summary>How a client joins by an external commit.</summary>
public sealed class MlsExternalJoinOptions
{
    /// <summary>The ratchet tree, if it does not come with the GroupInfo.</summary>
    public ReadOnlyMemory<byte> RatchetTree { get; init; }

    /// <summary>The leaf that this client has in the group and replaces, having lost its state; null: it is new.</summary>
    public int? ReplacedLeafIndex { get; init; }

    /// <summary>Identifiers of external PSKs to mix in.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ExternalPskIds { get; init; } = [];

    /// <summary>Authenticated data of the message, not encrypted.</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; init; }

    /// <summary>Capabilities and extensions of the client's leaf; null: the defaults of a key package.</summary>
    public MlsKeyPackageOptions? Leaf { get; init; }
}
