namespace ChatKit.Mls.Tests;

/// <summary>Clients in one group, with a delivery service that hands everything to everybody at once.</summary>
internal sealed class TestGroup : IDisposable
{
    private readonly List<TestClient> _clients = [];

    public IReadOnlyList<TestClient> Clients => _clients;

    public TestClient this[int index] => _clients[index];

    /// <summary>A group of the given size that one commit filled.</summary>
    public static TestGroup Of(int size, MlsCipherSuite? suite = null, Func<MlsGroupOptions, MlsGroupOptions>? configure = null, IEnumerable<MlsExtension>? extensions = null, MlsCapabilities? capabilities = null)
    {
        var group = new TestGroup();
        var creator = new TestClient("client 0", suite, configure, capabilities);
        creator.Create(extensions: extensions);
        group._clients.Add(creator);
        if (size > 1)
        {
            group.Add([.. Enumerable.Range(1, size - 1).Select(i => new TestClient("client " + i, suite, configure, capabilities))]);
        }

        return group;
    }

    public void Add(params TestClient[] clients) => Add(0, clients);

    public void Add(int by, params TestClient[] clients)
    {
        var bundles = Array.ConvertAll(clients, c => c.Bundle());
        var pending = _clients[by].Group.PrepareCommit(bundles.Select(b => MlsProposal.Add(b.KeyPackage)));
        Deliver(pending.Message.ToArray(), _clients[by]);
        _clients[by].Group.MergePendingCommit();
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i].Join(pending.Welcome!.Value, bundles[i]);
            _clients.Add(clients[i]);
        }

        AssertAgree();
    }

    public MlsPendingCommit Commit(int by, IEnumerable<MlsProposal>? proposals = null, MlsCommitOptions? options = null)
    {
        var pending = _clients[by].Group.PrepareCommit(proposals, options);
        Deliver(pending.Message.ToArray(), _clients[by]);
        _clients[by].Group.MergePendingCommit();
        AssertAgree();
        return pending;
    }

    public void Deliver(byte[] message, TestClient? except = null)
    {
        foreach (var client in _clients)
        {
            if (client != except && client.Group.Status == MlsGroupStatus.Active)
            {
                client.Group.Process(message);
            }
        }
    }

    public void Track(TestClient client) => _clients.Add(client);

    public void AssertAgree()
    {
        var active = _clients.FindAll(c => c.Group.Status != MlsGroupStatus.Removed);
        var expected = Convert.ToHexString(active[0].Group.EpochAuthenticator.Span);
        foreach (var client in active)
        {
            Assert.Equal(expected, Convert.ToHexString(client.Group.EpochAuthenticator.Span));
            Assert.Equal(active[0].Group.Epoch, client.Group.Epoch);
        }
    }

    public void AssertTalk()
    {
        foreach (var sender in _clients.Where(c => c.Group.Status == MlsGroupStatus.Active))
        {
            var text = "from " + sender.Name;
            var message = sender.Send(text);
            foreach (var receiver in _clients.Where(c => c != sender && c.Group.Status == MlsGroupStatus.Active))
            {
                Assert.Equal(text, receiver.Read(message));
            }
        }
    }

    public void Dispose() => _clients.ForEach(c => c.Dispose());
}
