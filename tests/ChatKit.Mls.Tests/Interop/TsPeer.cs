using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChatKit.Mls.Tests;

/// <summary>A member that runs on ts-mls.</summary>
internal sealed class TsPeer : Peer
{
    private readonly TsMls _node;
    private string _keyPackage = "";
    private JsonElement _view;

    public TsPeer(string name, MlsCipherSuite suite, TsMls node, byte[]? pskId = null, byte[]? psk = null)
        : base(name)
    {
        _node = node;
        Call("client", new() { ["suite"] = (int)suite.Id, ["identity"] = Convert.ToHexString(Encoding.UTF8.GetBytes(name)) });
        if (pskId is not null)
        {
            Call("psk", new() { ["id"] = Convert.ToHexString(pskId), ["psk"] = Convert.ToHexString(psk!) });
        }
    }

    public override int Leaf => _view.GetProperty("leaf").GetInt32();

    public override string Authenticator => _view.Text("authenticator");

    public string LastKeyPackage => _keyPackage;

    public JsonElement Call(string op, JsonObject arguments)
    {
        arguments["client"] = Name;
        var answer = _node.Call(op, arguments);
        if (answer.TryGetProperty("authenticator", out _))
        {
            _view = answer;
            IsMember = answer.Text("active") == "active";
        }

        return answer;
    }

    public override byte[] KeyPackage() => KeyPackage(null);

    public byte[] KeyPackage(int? suite)
    {
        _keyPackage = Call("keyPackage", suite is null ? [] : new() { ["suite"] = suite }).Text("keyPackage");
        return Convert.FromHexString(_keyPackage);
    }

    public override void Create(string group)
    {
        KeyPackage();
        Call("create", new() { ["group"] = Convert.ToHexString(Encoding.UTF8.GetBytes(group)), ["keyPackage"] = _keyPackage });
    }

    public override void Join(byte[] welcome, byte[]? tree) => Join(welcome, tree, null);

    public void Join(byte[] welcome, byte[]? tree, string? resume) => Call("join", new()
    {
        ["welcome"] = Convert.ToHexString(welcome),
        ["keyPackage"] = _keyPackage,
        ["tree"] = Hex(tree),
        ["resume"] = resume,
    });

    public override (byte[] Message, byte[]? Welcome, byte[] Tree) Commit(IReadOnlyList<byte[]> add, IReadOnlyList<int> remove, IReadOnlyList<byte[]> psks, bool open, bool tree)
    {
        var answer = Call("commit", new()
        {
            ["add"] = new JsonArray([.. add.Select(a => (JsonNode)Convert.ToHexString(a))]),
            ["remove"] = new JsonArray([.. remove.Select(r => (JsonNode)r)]),
            ["psk"] = new JsonArray([.. psks.Select(p => (JsonNode)Convert.ToHexString(p))]),
            ["open"] = open,
            ["tree"] = tree,
        });
        return (answer.Hex("message"), answer.TryGetProperty("welcome", out var welcome) ? welcome.Hex() : null, answer.Hex("tree"));
    }

    public override byte[] ProposeAdd(byte[] keyPackage, bool open) => Call("propose", new() { ["add"] = Convert.ToHexString(keyPackage), ["open"] = open }).Hex("message");

    public override byte[] ProposeRemove(int leaf, bool open) => Call("propose", new() { ["remove"] = leaf, ["open"] = open }).Hex("message");

    public override byte[] Send(byte[] data) => Call("send", new() { ["data"] = Convert.ToHexString(data) }).Hex("message");

    public override byte[]? Receive(byte[] message)
    {
        var answer = Call("receive", new() { ["message"] = Convert.ToHexString(message) });
        return answer.TryGetProperty("data", out var data) ? data.Hex() : null;
    }

    public override (byte[] GroupInfo, byte[] Tree) GroupInfo(bool tree)
    {
        var answer = Call("groupInfo", new() { ["tree"] = tree });
        return (answer.Hex("groupInfo"), answer.Hex("tree"));
    }

    public override byte[] ExternalJoin(byte[] groupInfo, byte[]? tree, bool resync)
    {
        KeyPackage();
        return Call("externalJoin", new()
        {
            ["groupInfo"] = Convert.ToHexString(groupInfo),
            ["keyPackage"] = _keyPackage,
            ["tree"] = Hex(tree),
            ["resync"] = resync,
        }).Hex("message");
    }

    public override byte[] Export(string label, byte[] context, int length) =>
        Call("exportSecret", new() { ["label"] = label, ["context"] = Convert.ToHexString(context), ["length"] = length }).Hex("secret");

    public override void Dispose() => _node.TryCall("forget", new() { ["client"] = Name });

    private static string? Hex(byte[]? data) => data is null ? null : Convert.ToHexString(data);
}
