namespace ChatKit.Mls;

/// <summary>A group that was branched off or re-initialised, with the Welcome for its other members.</summary>
public sealed class MlsResumedGroup
{
    private readonly byte[] _welcome;

    internal MlsResumedGroup(MlsGroup group, byte[] welcome)
    {
        Group = group;
        _welcome = welcome;
    }

    /// <summary>The new group, in epoch 1.</summary>
    public MlsGroup Group { get; }

    /// <summary>The Welcome for the other members, an MLSMessage.</summary>
    public ReadOnlyMemory<byte> Welcome => _welcome;
}
