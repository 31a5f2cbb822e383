namespace ChatKit.Mls;

/// <summary>LeafNode (RFC 9420, section 7.2). Immutable.</summary>
internal sealed class LeafNode(
    byte[] encryptionKey, byte[] signatureKey, MlsCredential credential, MlsCapabilities capabilities, LeafNodeSource source,
    MlsLifetime lifetime, byte[] parentHash, MlsExtension[] extensions, byte[] signature) : TreeNode(encryptionKey), IMlsStructure<LeafNode>
{
    private static ReadOnlySpan<byte> Label => "LeafNodeTBS"u8;

    public byte[] SignatureKey { get; } = signatureKey;

    public MlsCredential Credential { get; } = credential;

    public MlsCapabilities Capabilities { get; } = capabilities;

    public LeafNodeSource Source { get; } = source;

    /// <summary>Only for <see cref="LeafNodeSource.KeyPackage"/>.</summary>
    public MlsLifetime Lifetime { get; } = lifetime;

    /// <summary>Only for <see cref="LeafNodeSource.Commit"/>; else empty.</summary>
    public byte[] ParentHash { get; } = parentHash;

    public MlsExtension[] Extensions { get; } = extensions;

    public byte[] Signature { get; } = signature;

    public static LeafNode Read(ref MlsReader reader)
    {
        var encryptionKey = reader.ReadOpaque();
        var signatureKey = reader.ReadOpaque();
        var credential = Structure.Read<MlsCredential>(ref reader);
        var capabilities = Structure.Read<MlsCapabilities>(ref reader);
        var source = (LeafNodeSource)reader.ReadUInt8();
        MlsLifetime lifetime = default;
        byte[] parentHash = [];
        switch (source)
        {
            case LeafNodeSource.KeyPackage:
                lifetime = new MlsLifetime(reader.ReadUInt64(), reader.ReadUInt64());
                break;
            case LeafNodeSource.Update:
                break;
            case LeafNodeSource.Commit:
                parentHash = reader.ReadOpaque();
                break;
            default:
                throw MlsReader.Malformed("A leaf node has an unknown source.");
        }

        var extensions = MlsCodec.ReadList<MlsExtension>(ref reader);
        return new LeafNode(encryptionKey, signatureKey, credential, capabilities, source, lifetime, parentHash, extensions, reader.ReadOpaque());
    }

    /// <summary>Makes and signs a leaf (sections 7.2 and 7.3). Group and index count for update and commit only.</summary>
    public static LeafNode Create(
        MlsSigner signer, byte[] encryptionKey, MlsCredential credential, MlsCapabilities capabilities, LeafNodeSource source,
        MlsLifetime lifetime, byte[] parentHash, MlsExtension[] extensions, ReadOnlySpan<byte> groupId, uint leafIndex)
    {
        var unsigned = new LeafNode(encryptionKey, signer.PublicKey.ToArray(), credential, capabilities, source, lifetime, parentHash, extensions, []);
        using var writer = new MlsWriter(512);
        unsigned.WriteToBeSigned(writer, groupId, leafIndex);
        var signature = signer.SignWithLabel(Label, writer.Written);
        return new LeafNode(encryptionKey, unsigned.SignatureKey, credential, capabilities, source, lifetime, parentHash, extensions, signature);
    }

    public bool VerifySignature(MlsCipherSuite suite, ReadOnlySpan<byte> groupId, uint leafIndex)
    {
        using var writer = new MlsWriter(512);
        WriteToBeSigned(writer, groupId, leafIndex);
        return suite.VerifyWithLabel(SignatureKey, Label, writer.Written, Signature);
    }

    public void Write(MlsWriter writer)
    {
        WriteContent(writer);
        writer.WriteOpaque(Signature);
    }

    private void WriteToBeSigned(MlsWriter writer, ReadOnlySpan<byte> groupId, uint leafIndex)
    {
        WriteContent(writer);
        if (Source != LeafNodeSource.KeyPackage)
        {
            writer.WriteOpaque(groupId);
            writer.WriteUInt32(leafIndex);
        }
    }

    private void WriteContent(MlsWriter writer)
    {
        writer.WriteOpaque(EncryptionKey);
        writer.WriteOpaque(SignatureKey);
        Structure.Write(writer, Credential);
        Structure.Write(writer, Capabilities);
        writer.WriteUInt8((byte)Source);
        switch (Source)
        {
            case LeafNodeSource.KeyPackage:
                writer.WriteUInt64(Lifetime.NotBefore);
                writer.WriteUInt64(Lifetime.NotAfter);
                break;
            case LeafNodeSource.Commit:
                writer.WriteOpaque(ParentHash);
                break;
        }

        MlsCodec.WriteList(writer, Extensions);
    }
}
