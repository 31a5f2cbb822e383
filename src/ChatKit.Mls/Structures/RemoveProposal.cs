namespace ChatKit.Mls;

/// <summary>Remove (RFC 9420, section 12.1.3).</summary>
internal sealed class RemoveProposal(uint removed) : Proposal
{
    public override MlsProposalType Type => MlsProposalType.Remove;

    public override bool RequiresPath => true;

    public uint Removed { get; } = removed;

    public override void WriteBody(MlsWriter writer) => writer.WriteUInt32(Removed);
}
