using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>What is kept of a past epoch to read late application messages: no key that reads anything of another epoch.</summary>
internal sealed class PastEpoch(GroupContext context, byte[] senderDataSecret, Dictionary<uint, MlsMember> roster, SecretTree secretTree) : IDisposable
{
    public GroupContext Context { get; } = context;

    public ulong Epoch => Context.Epoch;

    public byte[] SenderDataSecret { get; } = senderDataSecret;

    public Dictionary<uint, MlsMember> Roster { get; } = roster;

    public SecretTree SecretTree { get; } = secretTree;

    /// <summary>Takes over the secret tree of an epoch that ends.</summary>
    public static PastEpoch From(EpochState state) => new(
        state.Context, state.Secrets.SenderDataSecret.AsSpan().ToArray(), state.Tree.Leaves().ToDictionary(l => l.Index, l => new MlsMember(l.Index, l.Leaf)), state.SecretTree);

    public static PastEpoch Read(ref MlsReader reader, MlsCipherSuite suite, Dictionary<int, byte[]> nodes, Dictionary<RatchetId, Ratchet> ratchets)
    {
        var context = GroupContext.Read(ref reader);
        var secret = reader.ReadOpaque();
        var leafCount = checked((int)reader.ReadUInt32());
        var roster = new Dictionary<uint, MlsMember>();
        var nested = reader.ReadNested();
        while (!nested.AtEnd)
        {
            var member = MlsMember.Read(ref nested);
            roster[member.Leaf] = member;
        }

        return new PastEpoch(context, secret, roster, new SecretTree(suite, leafCount, nodes, ratchets));
    }

    public byte[] Encode()
    {
        using var writer = new MlsWriter(Roster.Count * 64);
        Context.Write(writer);
        writer.WriteOpaque(SenderDataSecret);
        writer.WriteUInt32((uint)SecretTree.LeafCount);
        var start = writer.BeginVector();
        foreach (var member in Roster.Values)
        {
            member.Write(writer);
        }

        writer.EndVector(start);
        return writer.ToArray();
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(SenderDataSecret);
        SecretTree.Dispose();
    }
}
