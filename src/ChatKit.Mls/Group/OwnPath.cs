using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>The path that this client puts into its own commit (RFC 9420, sections 7.4 to 7.6). Its secrets are zeroed on disposal.</summary>
internal sealed class OwnPath : IDisposable
{
    private OwnPath(UpdatePath update, GroupContext context, byte[] commitSecret, Dictionary<int, byte[]> privateKeys, List<PathStep> steps, List<byte[]> pathSecrets)
    {
        Update = update;
        Context = context;
        CommitSecret = commitSecret;
        PrivateKeys = privateKeys;
        Steps = steps;
        PathSecrets = pathSecrets;
    }

    public UpdatePath Update { get; }

    /// <summary>The group context with the new epoch, tree hash and extensions, and with the old transcript hash.</summary>
    public GroupContext Context { get; }

    public byte[] CommitSecret { get; }

    /// <summary>The new private keys of the own leaf and its path; not zeroed on disposal.</summary>
    public Dictionary<int, byte[]> PrivateKeys { get; }

    private List<PathStep> Steps { get; }

    private List<byte[]> PathSecrets { get; }

    /// <summary>Makes a path for a leaf that is in the tree already, and puts it into the tree.</summary>
    public static OwnPath Create(
        MlsCipherSuite suite, RatchetTree tree, uint ownLeaf, GroupContext context, IReadOnlySet<uint> added, Func<byte[], byte[], LeafNode> makeLeaf)
    {
        var steps = tree.FilteredDirectPath(ownLeaf);
        var first = RandomNumberGenerator.GetBytes(suite.HashLength);
        var (secrets, pairs, commitSecret) = TreeKem.DerivePath(suite, first, steps.Count);
        var leafPair = suite.GenerateKeyPair();
        var parentHash = tree.MergePath(ownLeaf, steps, pairs.ConvertAll(p => p.PublicKey));
        var leaf = makeLeaf(leafPair.PublicKey, parentHash);
        tree.SetLeaf(ownLeaf, leaf);
        var provisional = context with { TreeHash = tree.TreeHash() };
        var nodes = TreeKem.EncryptPath(suite, tree, steps, secrets, pairs, added, provisional);
        var keys = new Dictionary<int, byte[]> { [TreeMath.LeafToNode(ownLeaf)] = leafPair.PrivateKey };
        for (var i = 0; i < steps.Count; i++)
        {
            keys[steps[i].Node] = pairs[i].PrivateKey;
        }

        return new OwnPath(new UpdatePath(leaf, nodes), provisional, commitSecret, keys, steps, secrets);
    }

    /// <summary>The path secret of the lowest node that the path shares with a new member (section 12.4.3.1).</summary>
    public byte[] PathSecretFor(uint newLeaf)
    {
        var node = TreeMath.LeafToNode(newLeaf);
        return PathSecrets[Steps.FindIndex(s => TreeMath.IsInSubtree(node, s.Node))];
    }

    public void Dispose()
    {
        PathSecrets.ForEach(s => CryptographicOperations.ZeroMemory(s));
        CryptographicOperations.ZeroMemory(CommitSecret);
    }
}
