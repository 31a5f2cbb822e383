using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>Everything that belongs to one epoch of a group, from the view of one member.</summary>
internal sealed class EpochState(
    MlsCipherSuite suite, GroupContext context, RatchetTree tree, uint ownLeaf, Dictionary<int, byte[]> privateKeys, byte[] confirmationTag,
    byte[] interimTranscriptHash, EpochSecrets secrets, SecretTree secretTree)
{
    public MlsCipherSuite Suite { get; } = suite;

    public GroupContext Context { get; } = context;

    public ulong Epoch => Context.Epoch;

    public RatchetTree Tree { get; } = tree;

    public uint OwnLeaf { get; } = ownLeaf;

    /// <summary>The private keys of the own leaf and of nodes above it, by node.</summary>
    public Dictionary<int, byte[]> PrivateKeys { get; } = privateKeys;

    public byte[] ConfirmationTag { get; } = confirmationTag;

    public byte[] InterimTranscriptHash { get; } = interimTranscriptHash;

    public EpochSecrets Secrets { get; } = secrets;

    public SecretTree SecretTree { get; } = secretTree;

    /// <summary>The record <see cref="StateKeys.Epoch"/>.</summary>
    public byte[] Encode()
    {
        using var writer = new MlsWriter(1024);
        Context.Write(writer);
        writer.WriteUInt32((uint)Tree.LeafCount);
        writer.WriteUInt32(OwnLeaf);
        writer.WriteOpaque(ConfirmationTag);
        writer.WriteOpaque(InterimTranscriptHash);
        Secrets.Write(writer);
        return writer.ToArray();
    }

    /// <summary>Private keys that are still those of their nodes in another tree of the same line.</summary>
    public Dictionary<int, byte[]> PrivateKeysFor(RatchetTree other)
    {
        var result = new Dictionary<int, byte[]>(PrivateKeys.Count);
        foreach (var (node, key) in PrivateKeys)
        {
            if (node < other.NodeCount && ReferenceEquals(other[node]?.EncryptionKey, Tree[node]?.EncryptionKey))
            {
                result[node] = key;
            }
        }

        return result;
    }

    /// <summary>The epoch without anything that opens it, for a client that was removed.</summary>
    public EpochState WithoutSecrets()
    {
        var empty = EpochSecrets.Derive(Suite, new byte[Suite.HashLength], out _);
        empty.Dispose();
        return new EpochState(Suite, Context, Tree, OwnLeaf, [], ConfirmationTag, InterimTranscriptHash, empty, new SecretTree(Suite, Tree.LeafCount, [], []));
    }

    /// <summary>Zeroes the private keys that another epoch does not share, and the key schedule.</summary>
    public void ZeroKeysExcept(EpochState? other)
    {
        foreach (var (node, key) in PrivateKeys)
        {
            if (other is null || !other.PrivateKeys.TryGetValue(node, out var kept) || !ReferenceEquals(key, kept))
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }

        PrivateKeys.Clear();
        Secrets.Dispose();
    }
}
