namespace ChatKit;

/// <summary>What a member may do. The numbers are stored and rise with the rights.</summary>
public enum MemberRole
{
    /// <summary>Reads, writes, leaves.</summary>
    Member = 0,

    /// <summary>Also adds and removes members.</summary>
    Admin = 10,

    /// <summary>Also removes admins.</summary>
    Owner = 20,
}
