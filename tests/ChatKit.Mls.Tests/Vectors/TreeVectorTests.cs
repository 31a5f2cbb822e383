using System.Text.Json;

namespace ChatKit.Mls.Tests;

public sealed class TreeVectorTests
{
    [Fact]
    public void Tree_validation()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("tree-validation", 28))
        {
            var tree = RatchetTree.Decode(suite, entry.Hex("tree"));
            Assert.Equal(entry.Hex("tree"), tree.Encode());
            var node = 0;
            foreach (var resolution in entry.List("resolutions"))
            {
                Assert.Equal(resolution.EnumerateArray().Select(n => n.GetInt32()), tree.Resolution(node++));
            }

            Assert.Equal(tree.NodeCount, node);
            node = 0;
            foreach (var hash in entry.List("tree_hashes"))
            {
                Assert.Equal(hash.Hex(), tree.TreeHash(node++));
            }

            Assert.Equal(tree.NodeCount, node);
            tree.ValidateStructure();
            foreach (var (index, leaf) in tree.Leaves())
            {
                LeafValidation.ValidateInTree(suite, leaf, entry.Hex("group_id"), index, []);
            }
        }
    }

    [Fact]
    public void Tree_operations()
    {
        var count = 0;
        foreach (var entry in VectorFile.Read("tree-operations"))
        {
            var suite = VectorFile.Suite(entry.GetProperty("cipher_suite").GetInt32())!;
            var tree = RatchetTree.Decode(suite, entry.Hex("tree_before"));
            Assert.Equal(entry.Hex("tree_hash_before"), tree.TreeHash());
            switch (VectorFile.RoundTrip<Proposal>(entry.Hex("proposal")))
            {
                case AddProposal add:
                    tree.Add(add.KeyPackage.LeafNode);
                    break;
                case UpdateProposal update:
                    tree.Update(entry.UInt("proposal_sender"), update.LeafNode);
                    break;
                case RemoveProposal remove:
                    tree.Remove(remove.Removed);
                    break;
                default:
                    Assert.Fail("A tree operation of another type.");
                    break;
            }

            Assert.Equal(entry.Hex("tree_after"), tree.Encode());
            Assert.Equal(entry.Hex("tree_hash_after"), tree.TreeHash());
            count++;
        }

        Assert.Equal(5, count);
    }

    [Fact]
    public void TreeKem_paths()
    {
        foreach (var (suite, entry) in VectorFile.ReadSuites("treekem", 22))
        {
            var before = RatchetTree.Decode(suite, entry.Hex("ratchet_tree"));
            before.ValidateStructure();
            var members = entry.List("leaves_private").ToDictionary(l => l.UInt("index"), l => PrivateKeys(suite, before, l));
            foreach (var path in entry.List("update_paths"))
            {
                CheckReceived(suite, entry, before, members, path);
                CheckOwn(suite, entry, before, members, path.UInt("sender"));
            }
        }
    }

    private static void CheckReceived(MlsCipherSuite suite, JsonElement entry, RatchetTree before, Dictionary<uint, Dictionary<int, byte[]>> members, JsonElement vector)
    {
        var sender = vector.UInt("sender");
        var update = VectorFile.RoundTrip<UpdatePath>(vector.Hex("update_path"));
        var tree = before.Clone();
        var steps = tree.FilteredDirectPath(sender);
        TreeKem.EnsureShape(suite, tree, steps, update, new HashSet<uint>());
        Assert.Equal(update.LeafNode.ParentHash, tree.MergePath(sender, steps, Array.ConvertAll(update.Nodes, n => n.EncryptionKey)));
        tree.SetLeaf(sender, update.LeafNode);
        Assert.True(update.LeafNode.VerifySignature(suite, entry.Hex("group_id"), sender));
        tree.ValidateStructure();
        Assert.Equal(vector.Hex("tree_hash_after"), tree.TreeHash());
        var context = Context(suite, entry, tree);
        var secrets = vector.List("path_secrets").ToList();
        foreach (var (index, keys) in members)
        {
            if (index == sender)
            {
                Assert.Equal(JsonValueKind.Null, secrets[(int)index].ValueKind);
                continue;
            }

            var (start, pairs, commitSecret) = TreeKem.DecryptPath(suite, tree, steps, update, index, keys, new HashSet<uint>(), context);
            Assert.Equal(vector.Hex("commit_secret"), commitSecret);
            var (_, expected, _) = TreeKem.DerivePath(suite, secrets[(int)index].Hex(), steps.Count - start);
            Assert.Equal(expected.Select(p => p.PrivateKey), pairs.Select(p => p.PrivateKey));
        }
    }

    private static void CheckOwn(MlsCipherSuite suite, JsonElement entry, RatchetTree before, Dictionary<uint, Dictionary<int, byte[]>> members, uint sender)
    {
        var tree = before.Clone();
        var old = tree.Leaf(sender)!;
        var private_ = entry.List("leaves_private").First(l => l.UInt("index") == sender);
        using var signer = Ed25519Signer.Import(private_.Hex("signature_priv"));
        using var path = OwnPath.Create(suite, tree, sender, Context(suite, entry, tree), new HashSet<uint>(), (key, hash) => LeafNode.Create(
            signer, key, old.Credential, old.Capabilities, LeafNodeSource.Commit, default, hash, old.Extensions, entry.Hex("group_id"), sender));
        tree.ValidateStructure();
        foreach (var (index, keys) in members)
        {
            if (index != sender)
            {
                var (_, _, commitSecret) = TreeKem.DecryptPath(suite, tree, tree.FilteredDirectPath(sender), path.Update, index, keys, new HashSet<uint>(), path.Context);
                Assert.Equal(path.CommitSecret, commitSecret);
            }
        }
    }

    private static GroupContext Context(MlsCipherSuite suite, JsonElement entry, RatchetTree tree) =>
        new(1, suite.Id, entry.Hex("group_id"), entry.ULong("epoch"), tree.TreeHash(), entry.Hex("confirmed_transcript_hash"), []);

    private static Dictionary<int, byte[]> PrivateKeys(MlsCipherSuite suite, RatchetTree tree, JsonElement leaf)
    {
        var index = leaf.UInt("index");
        var keys = new Dictionary<int, byte[]> { [TreeMath.LeafToNode(index)] = leaf.Hex("encryption_priv") };
        Assert.True(suite.Kem.Matches(keys[TreeMath.LeafToNode(index)], tree.Leaf(index)!.EncryptionKey));
        foreach (var secret in leaf.List("path_secrets"))
        {
            var node = secret.GetProperty("node").GetInt32();
            var pair = suite.DeriveKeyPair(suite.DeriveSecret(secret.Hex("path_secret"), "node"u8));
            Assert.Equal(tree[node]!.EncryptionKey, pair.PublicKey);
            keys[node] = pair.PrivateKey;
        }

        return keys;
    }
}
