namespace ChatKit;

/// <summary>What a member of a group sees of the time before he joined. The numbers are stored.</summary>
public enum GroupHistory
{
    /// <summary>Only what was written in one of his [joined, left] intervals.</summary>
    FromJoining = 0,

    /// <summary>A present member sees all.</summary>
    All = 1,
}
