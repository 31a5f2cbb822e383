using System.Text;

namespace ChatKit.Mls.Tests;

/// <summary>A member that runs on ChatKit.Mls.</summary>
internal sealed class OwnPeer : Peer
{
    private readonly TestPsks _psks;
    private readonly MlsCipherSuite _suite;
    private MlsKeyPackageBundle? _bundle;

    public OwnPeer(string name, MlsCipherSuite suite, TestPsks psks)
        : base(name)
    {
        _psks = psks;
        _suite = suite;
        Client = new TestClient(name, suite, o => TestClient.Options(o.Signer, suite, psks: psks));
    }

    public TestClient Client { get; }

    public override int Leaf => Client.Group.OwnLeafIndex;

    public override string Authenticator => Convert.ToHexStringLower(Client.Group.EpochAuthenticator.Span);

    public override byte[] KeyPackage()
    {
        _bundle = Client.Bundle();
        return _bundle.KeyPackage.Encode();
    }

    public override void Create(string group) => Client.Create(group);

    public override void Join(byte[] welcome, byte[]? tree) => Client.Join(welcome, _bundle!, new MlsJoinOptions { RatchetTree = tree });

    public override (byte[] Message, byte[]? Welcome, byte[] Tree) Commit(IReadOnlyList<byte[]> add, IReadOnlyList<int> remove, IReadOnlyList<byte[]> psks, bool open, bool tree)
    {
        if (open)
        {
            Client.Reload(TestClient.Options(Client.Signer, _suite, publicHandshake: true, psks: _psks));
        }

        var pending = Client.Group.PrepareCommit(
            [.. add.Select(k => MlsProposal.Add(MlsKeyPackage.Decode(k))), .. remove.Select(MlsProposal.Remove), .. psks.Select(p => MlsProposal.ExternalPsk(p))],
            new MlsCommitOptions { RatchetTreeInWelcome = tree, ForcePath = add.Count % 2 == 0 });
        var result = (pending.Message.ToArray(), pending.Welcome?.ToArray());
        Client.Group.MergePendingCommit();
        var exported = Client.Group.ExportRatchetTree();
        if (open)
        {
            Client.Reload();
        }

        return (result.Item1, result.Item2, exported);
    }

    public override byte[] ProposeAdd(byte[] keyPackage, bool open) => Client.Group.Propose(MlsProposal.Add(MlsKeyPackage.Decode(keyPackage)));

    public override byte[] ProposeRemove(int leaf, bool open) => Client.Group.Propose(MlsProposal.Remove(leaf));

    public byte[] ProposeUpdate() => Client.Group.ProposeUpdate();

    public override byte[] Send(byte[] data) => Client.Group.Encrypt(data);

    public override byte[]? Receive(byte[] message)
    {
        var received = Client.Group.Process(message);
        if (received is MlsCommitMerged { RemovedSelf: true })
        {
            IsMember = false;
        }

        return (received as MlsApplicationMessage)?.Content.ToArray();
    }

    public override (byte[] GroupInfo, byte[] Tree) GroupInfo(bool tree) => (Client.Group.ExportGroupInfo(tree), Client.Group.ExportRatchetTree());

    public override byte[] ExternalJoin(byte[] groupInfo, byte[]? tree, bool resync)
    {
        var commit = Client.PrepareExternal(groupInfo, new MlsExternalJoinOptions { RatchetTree = tree, ReplacedLeafIndex = resync ? Leaf : null });
        var message = commit.Message.ToArray();
        Client.Group = commit.Complete();
        return message;
    }

    public override byte[] Export(string label, byte[] context, int length) => Client.Group.ExportSecret(Encoding.UTF8.GetBytes(label), context, length);

    public override void Dispose() => Client.Dispose();
}
