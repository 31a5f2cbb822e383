namespace ChatKit.Mls;

/// <summary>SenderType (RFC 9420, section 6).</summary>
public enum MlsSenderType
{
    /// <summary>A member of the group.</summary>
    Member = 1,

    /// <summary>A sender listed in the group's <c>external_senders</c> extension.</summary>
    External = 2,

    /// <summary>A client that proposes its own addition.</summary>
    NewMemberProposal = 3,

    /// <summary>A client that joins by an external commit.</summary>
    NewMemberCommit = 4,
}
