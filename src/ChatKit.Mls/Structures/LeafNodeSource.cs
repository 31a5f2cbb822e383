namespace ChatKit.Mls;

/// <summary>LeafNodeSource (RFC 9420, section 7.2).</summary>
internal enum LeafNodeSource : byte
{
    KeyPackage = 1,
    Update = 2,
    Commit = 3,
}
