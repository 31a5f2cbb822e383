namespace ChatKit.Mls;

/// <summary>ParentNode (RFC 9420, section 7.1). Immutable.</summary>
internal sealed class ParentNode(byte[] encryptionKey, byte[] parentHash, uint[] unmergedLeaves) : TreeNode(encryptionKey), IMlsStructure<ParentNode>
{
    public byte[] ParentHash { get; } = parentHash;

    public uint[] UnmergedLeaves { get; } = unmergedLeaves;

    public static ParentNode Read(ref MlsReader reader)
    {
        var key = reader.ReadOpaque();
        var hash = reader.ReadOpaque();
        var nested = reader.ReadNested();
        if (nested.Remaining % 4 != 0)
        {
            throw MlsReader.Malformed("A list of unmerged leaves has a broken length.");
        }

        var leaves = new uint[nested.Remaining / 4];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = nested.ReadUInt32();
        }

        return new ParentNode(key, hash, leaves);
    }

    public void Write(MlsWriter writer) => Write(writer, UnmergedLeaves);

    public void Write(MlsWriter writer, ReadOnlySpan<uint> unmergedLeaves)
    {
        writer.WriteOpaque(EncryptionKey);
        writer.WriteOpaque(ParentHash);
        writer.WriteLength(unmergedLeaves.Length * 4);
        foreach (var leaf in unmergedLeaves)
        {
            writer.WriteUInt32(leaf);
        }
    }

    public ParentNode WithUnmergedLeaf(uint leaf)
    {
        var position = Array.BinarySearch(UnmergedLeaves, leaf);
        if (position >= 0)
        {
            return this;
        }

        var list = new uint[UnmergedLeaves.Length + 1];
        position = ~position;
        UnmergedLeaves.AsSpan(0, position).CopyTo(list);
        list[position] = leaf;
        UnmergedLeaves.AsSpan(position).CopyTo(list.AsSpan(position + 1));
        return new ParentNode(EncryptionKey, ParentHash, list);
    }
}
