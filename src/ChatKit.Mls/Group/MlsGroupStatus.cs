namespace ChatKit.Mls;

/// <summary>Whether a group can be used.</summary>
public enum MlsGroupStatus
{
    /// <summary>The client is a member.</summary>
    Active = 0,

    /// <summary>A commit removed the client; late messages of earlier epochs can still be read.</summary>
    Removed = 1,

    /// <summary>A ReInit was committed: only the successor group can be started (RFC 9420, section 11.2).</summary>
    Suspended = 2,
}
