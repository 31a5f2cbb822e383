namespace ChatKit.Mls;

/// <summary>ProtocolVersion (RFC 9420, section 6).</summary>
internal static class ProtocolVersion
{
    public const ushort Mls10 = 1;
}
