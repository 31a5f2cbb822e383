namespace ChatKit.Mls;

/// <summary>ProposalType (RFC 9420, section 17.4).</summary>
public enum MlsProposalType
{
    /// <summary>Adds a member (section 12.1.1).</summary>
    Add = 1,

    /// <summary>Replaces the sender's leaf (section 12.1.2).</summary>
    Update = 2,

    /// <summary>Removes a member (section 12.1.3).</summary>
    Remove = 3,

    /// <summary>Mixes in a pre-shared key (section 12.1.4).</summary>
    PreSharedKey = 4,

    /// <summary>Ends the group to start it anew with other parameters (section 12.1.5).</summary>
    ReInit = 5,

    /// <summary>Part of an external commit (section 12.1.6).</summary>
    ExternalInit = 6,

    /// <summary>Replaces the extensions of the group (section 12.1.7).</summary>
    GroupContextExtensions = 7,
}
