namespace ChatKit.Mls.Tests;

/// <summary>A member of an interop group, whichever library it runs on.</summary>
internal abstract class Peer(string name) : IDisposable
{
    public string Name { get; } = name;

    public bool IsMember { get; set; }

    public abstract int Leaf { get; }

    public abstract string Authenticator { get; }

    /// <summary>A key package for the peer's next join.</summary>
    public abstract byte[] KeyPackage();

    public abstract void Create(string group);

    public abstract void Join(byte[] welcome, byte[]? tree);

    /// <summary>A commit that is in effect for the committer at once.</summary>
    public abstract (byte[] Message, byte[]? Welcome, byte[] Tree) Commit(IReadOnlyList<byte[]> add, IReadOnlyList<int> remove, IReadOnlyList<byte[]> psks, bool open, bool tree);

    public abstract byte[] ProposeAdd(byte[] keyPackage, bool open);

    public abstract byte[] ProposeRemove(int leaf, bool open);

    public abstract byte[] Send(byte[] data);

    /// <summary>Processes a message; the plaintext if it is an application message.</summary>
    public abstract byte[]? Receive(byte[] message);

    public abstract (byte[] GroupInfo, byte[] Tree) GroupInfo(bool tree);

    /// <summary>Joins by an external commit, in place of the old leaf if there is one.</summary>
    public abstract byte[] ExternalJoin(byte[] groupInfo, byte[]? tree, bool resync);

    public abstract byte[] Export(string label, byte[] context, int length);

    public abstract void Dispose();
}
