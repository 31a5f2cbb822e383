namespace ChatKit.Mls;

/// <summary>A member of a group. Immutable.</summary>
public sealed class MlsMember
{
    private readonly byte[] _signatureKey;

    internal MlsMember(uint leaf, LeafNode node)
        : this(leaf, node.Credential, node.SignatureKey)
    {
    }

    private MlsMember(uint leaf, MlsCredential credential, byte[] signatureKey)
    {
        Leaf = leaf;
        Credential = credential;
        _signatureKey = signatureKey;
    }

    /// <summary>The leaf index: the member's name within the group. It is given anew once the member is removed.</summary>
    public int LeafIndex => (int)Leaf;

    /// <summary>The credential.</summary>
    public MlsCredential Credential { get; }

    /// <summary>The public signature key.</summary>
    public ReadOnlyMemory<byte> SignatureKey => _signatureKey;

    internal uint Leaf { get; }

    internal static MlsMember Read(ref MlsReader reader) => new(reader.ReadUInt32(), Structure.Read<MlsCredential>(ref reader), reader.ReadOpaque());

    internal void Write(MlsWriter writer)
    {
        writer.WriteUInt32(Leaf);
        Structure.Write(writer, Credential);
        writer.WriteOpaque(_signatureKey);
    }
}
