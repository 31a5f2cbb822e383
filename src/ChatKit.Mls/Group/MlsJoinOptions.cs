namespace ChatKit.Mls;

/// <summary>How a group is joined.</summary>
public sealed class MlsJoinOptions
{
    /// <summary>The ratchet tree, if it does not come with the Welcome or the GroupInfo (RFC 9420, section 12.4.3.3).</summary>
    public ReadOnlyMemory<byte> RatchetTree { get; init; }

    /// <summary>The group that the new one branches off or re-initialises (RFC 9420, sections 11.2 and 11.3).</summary>
    public MlsGroup? ResumedFrom { get; init; }
}
