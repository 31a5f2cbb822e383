namespace ChatKit.Mls;

/// <summary>ExternalInit (RFC 9420, section 12.1.6).</summary>
internal sealed class ExternalInitProposal(byte[] kemOutput) : Proposal
{
    public override MlsProposalType Type => MlsProposalType.ExternalInit;

    public override bool RequiresPath => true;

    public byte[] KemOutput { get; } = kemOutput;

    public override void WriteBody(MlsWriter writer) => writer.WriteOpaque(KemOutput);
}
