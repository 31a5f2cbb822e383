namespace ChatKit.Mls;

/// <summary>ResumptionPSKUsage (RFC 9420, section 8.4).</summary>
internal enum ResumptionPskUsage : byte
{
    Application = 1,
    ReInit = 2,
    Branch = 3,
}
