namespace ChatKit.Mls;

/// <summary>The tree and the extensions after the proposals of a commit, before its path (RFC 9420, section 12.3).</summary>
internal sealed class AppliedProposals
{
    private AppliedProposals(RatchetTree tree, MlsExtension[] extensions)
    {
        Tree = tree;
        Extensions = extensions;
    }

    public RatchetTree Tree { get; }

    public MlsExtension[] Extensions { get; }

    public List<(uint Leaf, MlsKeyPackage KeyPackage)> Added { get; } = [];

    public List<MlsMember> Removed { get; } = [];

    public List<MlsMember> Updated { get; } = [];

    public HashSet<uint> AddedLeaves { get; } = [];

    public static AppliedProposals Apply(RatchetTree before, MlsExtension[] extensions, ProposalSet set)
    {
        var result = new AppliedProposals(before.Clone(), set.GroupContextExtensions ?? extensions);
        foreach (var (leaf, node) in set.Updates)
        {
            result.Tree.Update(leaf, node);
            result.Updated.Add(new MlsMember(leaf, node));
        }

        foreach (var leaf in set.Removes)
        {
            // Removing may shorten the tree; the leaf is looked up in the tree as it was.
            var node = before.Leaf(leaf) ?? throw new MlsException(MlsErrorCode.InvalidProposal, "A Remove is for a leaf that is blank.");
            result.Removed.Add(new MlsMember(leaf, node));
            result.Tree.Remove(leaf);
        }

        foreach (var keyPackage in set.Adds)
        {
            var leaf = result.Tree.Add(keyPackage.LeafNode);
            result.Added.Add((leaf, keyPackage));
            result.AddedLeaves.Add(leaf);
        }

        return result;
    }
}
