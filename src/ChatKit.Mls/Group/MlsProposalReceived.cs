namespace ChatKit.Mls;

/// <summary>A valid proposal, now waiting for a commit (RFC 9420, section 12.1).</summary>
public sealed class MlsProposalReceived : MlsReceived
{
    internal MlsProposalReceived(MlsProposal proposal, byte[] authenticatedData)
        : base(authenticatedData) => Proposal = proposal;

    /// <summary>The proposal with its sender.</summary>
    public MlsProposal Proposal { get; }
}
