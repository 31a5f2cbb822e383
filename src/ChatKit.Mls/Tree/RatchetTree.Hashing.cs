namespace ChatKit.Mls;

/// <content>Tree hashes and parent hashes (RFC 9420, sections 7.8 and 7.9).</content>
internal sealed partial class RatchetTree
{
    public byte[] TreeHash() => TreeHash(Root);

    public byte[] TreeHash(int node)
    {
        if (_hashes[node] is { } known)
        {
            return known;
        }

        using var writer = new MlsWriter(512);
        var hash = TreeMath.IsLeaf(node)
            ? HashLeaf(writer, node, blank: false)
            : HashParent(writer, node, TreeHash(TreeMath.Left(node)), TreeHash(TreeMath.Right(node)), null);
        _hashes[node] = hash;
        return hash;
    }

    /// <summary>The tree hash of a subtree as it was before some leaves were added (section 7.9).</summary>
    public byte[] OriginalTreeHash(int node, uint[] without)
    {
        var touched = false;
        foreach (var leaf in without)
        {
            touched |= TreeMath.IsInSubtree(TreeMath.LeafToNode(leaf), node);
        }

        if (!touched)
        {
            return TreeHash(node);
        }

        using var writer = new MlsWriter(512);
        return TreeMath.IsLeaf(node)
            ? HashLeaf(writer, node, blank: true)
            : HashParent(writer, node, OriginalTreeHash(TreeMath.Left(node), without), OriginalTreeHash(TreeMath.Right(node), without), without);
    }

    /// <summary>The parent hash of a node towards the given child on the copath (section 7.9).</summary>
    public byte[] ParentHashOf(int node, int copathChild)
    {
        var parent = (ParentNode)_nodes[node]!;
        using var writer = new MlsWriter(256);
        writer.WriteOpaque(parent.EncryptionKey);
        writer.WriteOpaque(parent.ParentHash);
        writer.WriteOpaque(OriginalTreeHash(copathChild, parent.UnmergedLeaves));
        return _suite.HashOf(writer.Written);
    }

    /// <summary>
    /// Puts new public keys on a leaf's filtered direct path, blanks the rest of it, and returns the parent hash for the leaf
    /// (sections 7.5 and 7.9).
    /// </summary>
    public byte[] MergePath(uint leaf, List<PathStep> path, IReadOnlyList<byte[]> publicKeys)
    {
        BlankPath(leaf);
        byte[] parentHash = [];
        for (var i = path.Count - 1; i >= 0; i--)
        {
            SetParent(path[i].Node, new ParentNode(publicKeys[i], parentHash, []));
            parentHash = ParentHashOf(path[i].Node, path[i].CopathChild);
        }

        return parentHash;
    }

    private byte[] HashLeaf(MlsWriter writer, int node, bool blank)
    {
        writer.WriteUInt8(1);
        writer.WriteUInt32(TreeMath.NodeToLeaf(node));
        var leaf = blank ? null : (LeafNode?)_nodes[node];
        writer.WriteOptional(leaf is not null);
        leaf?.Write(writer);
        return _suite.HashOf(writer.Written);
    }

    private byte[] HashParent(MlsWriter writer, int node, byte[] left, byte[] right, uint[]? without)
    {
        writer.WriteUInt8(2);
        var parent = (ParentNode?)_nodes[node];
        writer.WriteOptional(parent is not null);
        parent?.Write(writer, without is null ? parent.UnmergedLeaves : Array.FindAll(parent.UnmergedLeaves, l => Array.IndexOf(without, l) < 0));
        writer.WriteOpaque(left);
        writer.WriteOpaque(right);
        return _suite.HashOf(writer.Written);
    }
}
