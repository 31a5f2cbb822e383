namespace ChatKit.Mls;

/// <summary>The two ratchets of a leaf (RFC 9420, section 9.1).</summary>
internal enum RatchetKind : byte
{
    Handshake = 0,
    Application = 1,
}
