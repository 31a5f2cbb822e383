using System.Text;

namespace ChatKit.Mls.Tests;

/// <summary>A client with its identity, and at most one group.</summary>
internal sealed class TestClient : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private MlsGroup? _group;

    public TestClient(string name, MlsCipherSuite? suite = null, Func<MlsGroupOptions, MlsGroupOptions>? configure = null, MlsCapabilities? capabilities = null)
    {
        Name = name;
        Suite = suite ?? MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519;
        Capabilities = capabilities;
        Signer = Ed25519Signer.Generate();
        _owned.Add(Signer);
        Credential = MlsCredential.Basic(Encoding.UTF8.GetBytes(name));
        var options = Options(Signer, Suite);
        Config = configure?.Invoke(options) ?? options;
    }

    public string Name { get; }

    public MlsCipherSuite Suite { get; }

    public MlsCapabilities? Capabilities { get; }

    public Ed25519Signer Signer { get; }

    public MlsCredential Credential { get; }

    public MlsGroupOptions Config { get; }

    public MlsMemoryGroupStore Store { get; private set; } = new();

    public MlsGroup Group
    {
        get => _group ?? throw new InvalidOperationException(Name + " has no group.");
        set
        {
            _group?.Dispose();
            _group = value;
        }
    }

    public static MlsGroupOptions Options(MlsSigner signer, MlsCipherSuite suite, bool publicHandshake = false, MlsPskProvider? psks = null, MlsGroupPolicy? policy = null, TimeProvider? time = null, int pastEpochs = 3, int maxSkipped = 64, int maxForward = 1000, MlsCredentialValidator? validator = null) => new()
    {
        Signer = signer,
        CredentialValidator = validator ?? new AcceptAll(),
        CipherSuites = [MlsCipherSuite.Mls128DhKemX25519Aes128GcmSha256Ed25519, MlsCipherSuite.Mls128DhKemX25519ChaCha20Poly1305Sha256Ed25519, .. suite.Id > 3 ? [suite] : Array.Empty<MlsCipherSuite>()],
        PublicHandshake = publicHandshake,
        PskProvider = psks,
        Policy = policy,
        TimeProvider = time ?? TimeProvider.System,
        MaxPastEpochs = pastEpochs,
        MaxSkippedKeys = maxSkipped,
        MaxForwardGenerations = maxForward,
    };

    public MlsKeyPackageBundle Bundle(MlsKeyPackageOptions? options = null)
    {
        var bundle = MlsKeyPackageBundle.Create(Suite, Signer, Credential, options ?? new MlsKeyPackageOptions { Capabilities = Capabilities, TimeProvider = Config.TimeProvider });
        _owned.Add(bundle);
        return bundle;
    }

    public MlsGroup Create(string id = "group", IEnumerable<MlsExtension>? extensions = null)
    {
        Store = new MlsMemoryGroupStore();
        return Group = MlsGroup.Create(
            Encoding.UTF8.GetBytes(id), Suite, Credential, Config, Store, extensions, new MlsKeyPackageOptions { Capabilities = Capabilities, TimeProvider = Config.TimeProvider });
    }

    public MlsGroup Join(ReadOnlyMemory<byte> welcome, MlsKeyPackageBundle bundle, MlsJoinOptions? join = null)
    {
        Store = new MlsMemoryGroupStore();
        return Group = MlsGroup.Join(welcome.Span, bundle, Config, Store, join);
    }

    public MlsExternalCommit PrepareExternal(byte[] groupInfo, MlsExternalJoinOptions? join = null)
    {
        Store = new MlsMemoryGroupStore();
        return MlsGroup.PrepareExternalCommit(groupInfo, Credential, Config, Store, join);
    }

    /// <summary>Throws the group away and loads it from the store, as after a crash.</summary>
    public MlsGroup Reload(MlsGroupOptions? options = null)
    {
        Store = new MlsMemoryGroupStore(Store.Records);
        return Group = MlsGroup.Load(Store.Records, options ?? Config, Store);
    }

    public string Read(byte[] message) => Encoding.UTF8.GetString(Assert.IsType<MlsApplicationMessage>(Group.Process(message)).Content.Span);

    public byte[] Send(string text) => Group.Encrypt(Encoding.UTF8.GetBytes(text));

    /// <summary>All stored bytes, to search for what must not be there.</summary>
    public Dictionary<string, string> Snapshot() => Store.Records.ToDictionary(r => r.Key, r => Convert.ToHexString(r.Value!.Value.Span));

    public void Dispose()
    {
        _group?.Dispose();
        _owned.ForEach(o => o.Dispose());
    }
}
