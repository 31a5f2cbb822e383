namespace ChatKit.Mls;

/// <summary>WireFormat: what an MLSMessage holds (RFC 9420, section 6).</summary>
public enum MlsWireFormat
{
    /// <summary>A signed message in the clear.</summary>
    PublicMessage = 1,

    /// <summary>An encrypted message.</summary>
    PrivateMessage = 2,

    /// <summary>A Welcome for new members.</summary>
    Welcome = 3,

    /// <summary>Public data of a group for external joins.</summary>
    GroupInfo = 4,

    /// <summary>A key package.</summary>
    KeyPackage = 5,
}
