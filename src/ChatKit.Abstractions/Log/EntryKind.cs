namespace ChatKit;

/// <summary>What a log entry is. The numbers are stored and never reused.</summary>
public enum EntryKind
{
    /// <summary>A message.</summary>
    Message = 1,

    /// <summary>A new text for an earlier message; its body is the message's whole resulting body. The message's assets stay as they are.</summary>
    Edit = 2,

    /// <summary>An earlier message deleted for everyone; body, edits and search text are erased with it.</summary>
    Deletion = 3,

    /// <summary>A reaction to an earlier message; its body is the resulting state of the sender's reactions to it.</summary>
    Reaction = 4,

    /// <summary>An earlier message pinned or unpinned.</summary>
    Pin = 5,

    /// <summary>Members created, added, removed, left; its body is a <see cref="MembershipChange"/>.</summary>
    Membership = 6,

    /// <summary>Title, picture or other details of a group.</summary>
    Details = 7,

    /// <summary>A commit of an encrypted group: carries the expected epoch (ARCHITECTURE, rule 18).</summary>
    Commit = 8,
}
