using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>
/// The secret tree (RFC 9420, section 9): expanded only where a leaf has been used, and never holding what it has given out. Not safe for
/// concurrent use; zeroed on disposal.
/// </summary>
internal sealed class SecretTree : IDisposable
{
    private readonly MlsCipherSuite _suite;
    private readonly int _leafCount;

    public SecretTree(MlsCipherSuite suite, int leafCount, byte[] encryptionSecret)
        : this(suite, leafCount, new Dictionary<int, byte[]> { [TreeMath.Root(leafCount)] = encryptionSecret }, [])
    {
    }

    public SecretTree(MlsCipherSuite suite, int leafCount, Dictionary<int, byte[]> nodes, Dictionary<RatchetId, Ratchet> ratchets)
    {
        _suite = suite;
        _leafCount = leafCount;
        Nodes = nodes;
        Ratchets = ratchets;
    }

    public int LeafCount => _leafCount;

    public Dictionary<int, byte[]> Nodes { get; }

    public Dictionary<RatchetId, Ratchet> Ratchets { get; }

    /// <summary>The generation that a ratchet gives next.</summary>
    public uint NextGeneration(uint leaf, RatchetKind kind) => Ratchets.TryGetValue(new RatchetId(leaf, kind), out var ratchet) ? ratchet.Generation : 0;

    /// <summary>The key of a generation. Changes nothing until <see cref="Apply"/>.</summary>
    public RatchetStep Take(uint leaf, RatchetKind kind, uint generation, int maxForward, int maxSkipped)
    {
        if (leaf >= (uint)_leafCount)
        {
            throw new MlsException(MlsErrorCode.UnknownSender, "The sender is not in the tree.");
        }

        var id = new RatchetId(leaf, kind);
        if (Ratchets.TryGetValue(id, out var ratchet))
        {
            var (key, next) = ratchet.Take(_suite, generation, maxForward, maxSkipped);
            return new RatchetStep(id, key, next, null, []);
        }

        var expanded = Expand(leaf, out var leafSecret);
        var fresh = Start(leafSecret, kind);
        var other = Start(leafSecret, kind == RatchetKind.Handshake ? RatchetKind.Application : RatchetKind.Handshake);
        CryptographicOperations.ZeroMemory(leafSecret);
        var (firstKey, firstNext) = fresh.Take(_suite, generation, maxForward, maxSkipped);
        CryptographicOperations.ZeroMemory(fresh.Secret);
        return new RatchetStep(id, firstKey, firstNext, other, expanded);
    }

    /// <summary>Removes the key of a step and everything that it could be computed from.</summary>
    public void Apply(RatchetStep step)
    {
        foreach (var (node, secret) in step.Expanded)
        {
            if (secret is not null)
            {
                Nodes[node] = secret;
            }
            else if (Nodes.Remove(node, out var used))
            {
                CryptographicOperations.ZeroMemory(used);
            }
        }

        if (step.Other is not null)
        {
            Ratchets[OtherOf(step.Id)] = step.Other;
        }

        if (Ratchets.TryGetValue(step.Id, out var old))
        {
            old.ZeroExcept(step.Next);
        }

        Ratchets[step.Id] = step.Next;
    }

    /// <summary>Zeroes what a step computed, when the message did not verify; the tree is as before.</summary>
    public void Discard(RatchetStep step)
    {
        Ratchets.TryGetValue(step.Id, out var old);
        step.Next.ZeroExcept(old);
        step.Other?.ZeroExcept(null);
        foreach (var (_, secret) in step.Expanded)
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        if (old is null || !old.Skipped.ContainsValue(step.Key))
        {
            step.Key.Dispose();
        }
    }

    public static RatchetId OtherOf(RatchetId id) =>
        new(id.Leaf, id.Kind == RatchetKind.Handshake ? RatchetKind.Application : RatchetKind.Handshake);

    public void Dispose()
    {
        foreach (var secret in Nodes.Values)
        {
            CryptographicOperations.ZeroMemory(secret);
        }

        foreach (var ratchet in Ratchets.Values)
        {
            ratchet.ZeroExcept(null);
        }

        Nodes.Clear();
        Ratchets.Clear();
    }

    private Ratchet Start(ReadOnlySpan<byte> leafSecret, RatchetKind kind) => new(
        0,
        _suite.ExpandWithLabel(leafSecret, kind == RatchetKind.Handshake ? "handshake"u8 : "application"u8, default, _suite.HashLength),
        []);

    /// <summary>Walks down from the lowest known ancestor: what to remove, what to add, and the secret of the leaf.</summary>
    private List<(int Node, byte[]? Secret)> Expand(uint leaf, out byte[] leafSecret)
    {
        var target = TreeMath.LeafToNode(leaf);
        var node = target;
        var root = TreeMath.Root(_leafCount);
        while (!Nodes.ContainsKey(node))
        {
            if (node == root)
            {
                throw new MlsException(MlsErrorCode.GenerationReused, "The secrets of this leaf were used or dropped.");
            }

            node = TreeMath.Parent(node);
        }

        var changes = new List<(int Node, byte[]? Secret)> { (node, null) };
        var secret = Nodes[node].AsSpan().ToArray();
        while (node != target)
        {
            var left = TreeMath.Left(node);
            var right = TreeMath.Right(node);
            var goesLeft = TreeMath.IsInSubtree(target, left);
            var leftSecret = _suite.ExpandWithLabel(secret, "tree"u8, "left"u8, _suite.HashLength);
            var rightSecret = _suite.ExpandWithLabel(secret, "tree"u8, "right"u8, _suite.HashLength);
            CryptographicOperations.ZeroMemory(secret);
            changes.Add(goesLeft ? (right, rightSecret) : (left, leftSecret));
            secret = goesLeft ? leftSecret : rightSecret;
            node = goesLeft ? left : right;
        }

        leafSecret = secret;
        return changes;
    }
}
