namespace ChatKit.Mls;

/// <summary>Names a ratchet of the secret tree.</summary>
internal readonly record struct RatchetId(uint Leaf, RatchetKind Kind);
