namespace ChatKit.Mls.Tests;

/// <summary>A group of members on both libraries, checked against each other after every step.</summary>
internal sealed class MixedGroup(TsMls node, MlsCipherSuite suite) : IDisposable
{
    public static readonly byte[] PskId = [0x70, 0x73, 0x6B];

    private static readonly byte[] Psk = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly List<Peer> _peers = [];
    private readonly TestPsks _psks = new();
    private int _next;

    public List<Peer> Members => _peers.FindAll(p => p.IsMember);

    public Peer New(bool own)
    {
        _psks.Add(PskId, Psk);
        var name = $"{(own ? "own" : "ts")} {suite.Id} {_next++} {Guid.NewGuid():N}";
        Peer peer = own ? new OwnPeer(name, suite, _psks) : new TsPeer(name, suite, node, PskId, Psk);
        _peers.Add(peer);
        return peer;
    }

    public void Start(bool own)
    {
        var peer = New(own);
        peer.Create("mixed");
        peer.IsMember = true;
    }

    public void Commit(Peer by, IReadOnlyList<Peer> add, IReadOnlyList<Peer> remove, bool psk = false, bool open = false, bool treeInWelcome = true)
    {
        var packages = add.Select(p => p.KeyPackage()).ToList();
        var (message, welcome, tree) = by.Commit(packages, [.. remove.Select(p => p.Leaf)], psk ? [PskId] : [], open, treeInWelcome);
        Finish(by, message, remove, add.Count > 0);
        Welcome(add, welcome, treeInWelcome ? null : tree);
        AssertAgree();
    }

    /// <summary>Commits what waits; the newcomers among it get their Welcome.</summary>
    public void CommitWaiting(Peer by, IReadOnlyList<Peer> added, IReadOnlyList<Peer> removed)
    {
        var (message, welcome, _) = by.Commit([], [], [], false, true);
        Finish(by, message, removed, added.Count > 0);
        Welcome(added, welcome, null);
        AssertAgree();
    }

    public void Broadcast(Peer by, byte[] message)
    {
        foreach (var peer in Members.Where(p => p != by))
        {
            Assert.Null(peer.Receive(message));
        }
    }

    public void ExternalJoin(Peer joiner, Peer from, bool treeInGroupInfo, bool resync)
    {
        var (groupInfo, tree) = from.GroupInfo(treeInGroupInfo);
        var others = Members.FindAll(p => p != joiner);
        var message = joiner.ExternalJoin(groupInfo, treeInGroupInfo ? null : tree, resync);
        others.ForEach(p => Assert.Null(p.Receive(message)));
        joiner.IsMember = true;
        AssertAgree();
    }

    public void Talk(Peer sender, byte[] data)
    {
        var message = sender.Send(data);
        foreach (var peer in Members.Where(p => p != sender))
        {
            Assert.Equal(data, peer.Receive(message));
        }
    }

    public void AssertAgree()
    {
        var expected = Members[0].Authenticator;
        Assert.All(Members, p => Assert.Equal(expected, p.Authenticator));
    }

    public void Dispose() => _peers.ForEach(p => p.Dispose());

    private void Finish(Peer by, byte[] message, IReadOnlyList<Peer> removed, bool adds)
    {
        foreach (var peer in Members.Where(p => p != by))
        {
            if (peer is TsPeer && adds && removed.Contains(peer))
            {
                // ts-mls looks only whether its leaf is blank, and does not see its removal if a newcomer took the leaf in the same commit.
                peer.IsMember = false;
                continue;
            }

            Assert.Null(peer.Receive(message));
        }

        Assert.All(removed, r => Assert.False(r.IsMember));
    }

    private static void Welcome(IReadOnlyList<Peer> added, byte[]? welcome, byte[]? tree)
    {
        Assert.Equal(added.Count > 0, welcome is not null);
        foreach (var peer in added)
        {
            peer.Join(welcome!, tree);
            peer.IsMember = true;
        }
    }
}
