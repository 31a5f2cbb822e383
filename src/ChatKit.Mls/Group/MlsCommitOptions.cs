namespace ChatKit.Mls;

/// <summary>How a commit is made.</summary>
public sealed class MlsCommitOptions
{
    /// <summary>Whether proposals that wait are committed, too.</summary>
    /// <value>Default: true. Without them the commit discards them.</value>
    public bool IncludePending { get; init; } = true;

    /// <summary>Whether the commit renews this client's keys even if no proposal needs it (post-compromise security).</summary>
    /// <value>Default: true.</value>
    public bool ForcePath { get; init; } = true;

    /// <summary>Whether the Welcome holds the ratchet tree (RFC 9420, section 12.4.3.3); else send it yourself.</summary>
    /// <value>Default: true.</value>
    public bool RatchetTreeInWelcome { get; init; } = true;

    /// <summary>Authenticated data of the message, not encrypted.</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; init; }

    /// <summary>Changes of the own leaf; they need a path.</summary>
    public MlsLeafOptions? Leaf { get; init; }
}
