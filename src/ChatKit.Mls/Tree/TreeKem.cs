using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>TreeKEM (RFC 9420, sections 7.4 to 7.6): making and reading the secrets of an UpdatePath.</summary>
internal static class TreeKem
{
    /// <summary>
    /// The secrets from one path secret upwards: a key pair for each node and the commit secret. Zeroes nothing; the caller owns the result.
    /// </summary>
    public static (List<byte[]> PathSecrets, List<HpkeKeyPair> KeyPairs, byte[] CommitSecret) DerivePath(MlsCipherSuite suite, byte[] pathSecret, int count)
    {
        var secrets = new List<byte[]>(count);
        var pairs = new List<HpkeKeyPair>(count);
        var current = pathSecret;
        for (var i = 0; i < count; i++)
        {
            secrets.Add(current);
            var nodeSecret = suite.DeriveSecret(current, "node"u8);
            pairs.Add(suite.DeriveKeyPair(nodeSecret));
            CryptographicOperations.ZeroMemory(nodeSecret);
            current = suite.DeriveSecret(current, "path"u8);
        }

        return (secrets, pairs, current);
    }

    /// <summary>Encrypts each path secret to the resolution of the copath child, without the leaves that this commit adds.</summary>
    public static UpdatePathNode[] EncryptPath(
        MlsCipherSuite suite, RatchetTree tree, List<PathStep> path, List<byte[]> pathSecrets, List<HpkeKeyPair> keyPairs, IReadOnlySet<uint> added, GroupContext context)
    {
        using var writer = new MlsWriter();
        context.Write(writer);
        var result = new UpdatePathNode[path.Count];
        for (var i = 0; i < path.Count; i++)
        {
            var recipients = Recipients(tree, path[i].CopathChild, added);
            var ciphertexts = new HpkeCiphertext[recipients.Count];
            for (var j = 0; j < ciphertexts.Length; j++)
            {
                ciphertexts[j] = suite.EncryptWithLabel(tree[recipients[j]]!.EncryptionKey, "UpdatePathNode"u8, writer.Written, pathSecrets[i]);
            }

            result[i] = new UpdatePathNode(keyPairs[i].PublicKey, ciphertexts);
        }

        return result;
    }

    /// <summary>
    /// Decrypts the one path secret that is for this member and derives the rest (section 7.5). Returns where in the path it starts, the
    /// key pairs from there, and the commit secret.
    /// </summary>
    public static (int Start, List<HpkeKeyPair> KeyPairs, byte[] CommitSecret) DecryptPath(
        MlsCipherSuite suite, RatchetTree tree, List<PathStep> path, UpdatePath update, uint ownLeaf, IReadOnlyDictionary<int, byte[]> privateKeys,
        IReadOnlySet<uint> added, GroupContext context)
    {
        var ownNode = TreeMath.LeafToNode(ownLeaf);
        var start = path.FindIndex(step => TreeMath.IsInSubtree(ownNode, step.CopathChild));
        if (start < 0)
        {
            throw new MlsException(MlsErrorCode.InvalidCommit, "The path of a commit does not meet this member.");
        }

        var recipients = Recipients(tree, path[start].CopathChild, added);
        var position = recipients.FindIndex(privateKeys.ContainsKey);
        if (position < 0)
        {
            throw new MlsException(MlsErrorCode.DecryptionFailed, "No key of this member fits the path of a commit.");
        }

        using var writer = new MlsWriter();
        context.Write(writer);
        var node = recipients[position];
        var secret = suite.DecryptWithLabel(
            privateKeys[node], tree[node]!.EncryptionKey, "UpdatePathNode"u8, writer.Written, update.Nodes[start].EncryptedPathSecrets[position]);
        if (secret.Length != suite.HashLength)
        {
            throw new MlsException(MlsErrorCode.InvalidCommit, "A path secret has a wrong length.");
        }

        var (secrets, pairs, commitSecret) = DerivePath(suite, secret, path.Count - start);
        secrets.ForEach(s => CryptographicOperations.ZeroMemory(s));
        for (var i = 0; i < pairs.Count; i++)
        {
            if (!pairs[i].PublicKey.AsSpan().SequenceEqual(update.Nodes[start + i].EncryptionKey))
            {
                throw new MlsException(MlsErrorCode.InvalidCommit, "A path secret does not lead to the public key of its node.");
            }
        }

        return (start, pairs, commitSecret);
    }

    /// <summary>Checks the shape of an UpdatePath against the tree (section 12.4.2).</summary>
    public static void EnsureShape(MlsCipherSuite suite, RatchetTree tree, List<PathStep> path, UpdatePath update, IReadOnlySet<uint> added)
    {
        if (update.Nodes.Length != path.Count)
        {
            throw new MlsException(MlsErrorCode.InvalidCommit, "The path of a commit has a wrong length.");
        }

        for (var i = 0; i < path.Count; i++)
        {
            if (update.Nodes[i].EncryptedPathSecrets.Length != Recipients(tree, path[i].CopathChild, added).Count)
            {
                throw new MlsException(MlsErrorCode.InvalidCommit, "The path of a commit has a wrong number of ciphertexts.");
            }

            if (update.Nodes[i].EncryptionKey.Length != suite.Kem.PublicKeyLength)
            {
                throw new MlsException(MlsErrorCode.InvalidKey, "A node has an encryption key of a wrong length.");
            }
        }
    }

    private static List<int> Recipients(RatchetTree tree, int copathChild, IReadOnlySet<uint> added)
    {
        var result = tree.Resolution(copathChild);
        if (added.Count > 0)
        {
            result.RemoveAll(n => TreeMath.IsLeaf(n) && added.Contains(TreeMath.NodeToLeaf(n)));
        }

        return result;
    }
}
