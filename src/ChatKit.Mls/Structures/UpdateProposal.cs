namespace ChatKit.Mls;

/// <summary>Update (RFC 9420, section 12.1.2).</summary>
internal sealed class UpdateProposal(LeafNode leafNode) : Proposal
{
    public override MlsProposalType Type => MlsProposalType.Update;

    public override bool RequiresPath => true;

    public LeafNode LeafNode { get; } = leafNode;

    public override void WriteBody(MlsWriter writer) => LeafNode.Write(writer);
}
