namespace ChatKit;

/// <summary>What a membership entry does. The numbers are stored.</summary>
public enum MembershipAction
{
    /// <summary>The conversation is created with its first members.</summary>
    Created = 1,

    /// <summary>Members are added.</summary>
    Added = 2,

    /// <summary>Members are removed by somebody else.</summary>
    Removed = 3,

    /// <summary>A member leaves.</summary>
    Left = 4,

    /// <summary>Members get another role.</summary>
    RoleChanged = 5,
}
