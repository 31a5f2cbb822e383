namespace ChatKit.Mls;

/// <content>What a new member checks of a received tree but for the leaves (RFC 9420, section 12.4.3.1).</content>
internal sealed partial class RatchetTree
{
    public void ValidateStructure()
    {
        ValidateUnmergedLeaves();
        ValidateEncryptionKeys();
        ValidateParentHashes();
    }

    private void ValidateUnmergedLeaves()
    {
        for (var node = 1; node < _nodes.Length; node += 2)
        {
            if (_nodes[node] is not ParentNode parent)
            {
                continue;
            }

            if (!HasMembers(node))
            {
                throw new MlsException(MlsErrorCode.InvalidTree, "A parent node has no member below it.");
            }

            for (var i = 0; i < parent.UnmergedLeaves.Length; i++)
            {
                ValidateUnmergedLeaf(node, parent, i);
            }
        }
    }

    private void ValidateUnmergedLeaf(int node, ParentNode parent, int position)
    {
        var leaf = parent.UnmergedLeaves[position];
        if (leaf >= (uint)LeafCount
            || (position > 0 && leaf <= parent.UnmergedLeaves[position - 1])
            || !TreeMath.IsInSubtree(TreeMath.LeafToNode(leaf), node)
            || Leaf(leaf) is null)
        {
            throw new MlsException(MlsErrorCode.InvalidUnmergedLeaves, "A list of unmerged leaves names a leaf that cannot be there.");
        }

        for (var below = TreeMath.Parent(TreeMath.LeafToNode(leaf)); below != node; below = TreeMath.Parent(below))
        {
            if (_nodes[below] is ParentNode between && Array.BinarySearch(between.UnmergedLeaves, leaf) < 0)
            {
                throw new MlsException(MlsErrorCode.InvalidUnmergedLeaves, "A leaf is unmerged above a node where it is not.");
            }
        }
    }

    private void ValidateEncryptionKeys()
    {
        var seen = new HashSet<byte[]>(ByteArrayComparer.Instance);
        foreach (var node in _nodes)
        {
            if (node is null)
            {
                continue;
            }

            if (node.EncryptionKey.Length != _suite.Kem.PublicKeyLength)
            {
                throw new MlsException(MlsErrorCode.InvalidKey, "A node has an encryption key of a wrong length.");
            }

            if (!seen.Add(node.EncryptionKey))
            {
                throw new MlsException(MlsErrorCode.DuplicateKey, "Two nodes have the same encryption key.");
            }
        }
    }

    /// <summary>Section 7.9.2: every parent node is parent-hash valid with respect to a node below it.</summary>
    private void ValidateParentHashes()
    {
        for (var node = 1; node < _nodes.Length; node += 2)
        {
            if (_nodes[node] is ParentNode parent
                && !IsParentHashValid(node, parent, TreeMath.Left(node), TreeMath.Right(node))
                && !IsParentHashValid(node, parent, TreeMath.Right(node), TreeMath.Left(node)))
            {
                throw new MlsException(MlsErrorCode.InvalidParentHash, "A parent node is not parent-hash valid.");
            }
        }
    }

    private bool IsParentHashValid(int node, ParentNode parent, int child, int sibling)
    {
        // The resolution of the child without the unmerged leaves of the parent must be the one node that links to the parent.
        var linked = -1;
        foreach (var candidate in Resolution(child))
        {
            if (TreeMath.IsLeaf(candidate) && Array.BinarySearch(parent.UnmergedLeaves, TreeMath.NodeToLeaf(candidate)) >= 0)
            {
                continue;
            }

            if (linked >= 0)
            {
                return false;
            }

            linked = candidate;
        }

        if (linked < 0)
        {
            return false;
        }

        var hash = _nodes[linked] switch
        {
            LeafNode { Source: LeafNodeSource.Commit } leaf => leaf.ParentHash,
            ParentNode below => below.ParentHash,
            _ => [],
        };
        return hash.Length != 0 && hash.AsSpan().SequenceEqual(ParentHashOf(node, sibling));
    }
}
