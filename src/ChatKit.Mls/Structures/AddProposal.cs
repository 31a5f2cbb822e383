namespace ChatKit.Mls;

/// <summary>Add (RFC 9420, section 12.1.1).</summary>
internal sealed class AddProposal(MlsKeyPackage keyPackage) : Proposal
{
    public override MlsProposalType Type => MlsProposalType.Add;

    public MlsKeyPackage KeyPackage { get; } = keyPackage;

    public override void WriteBody(MlsWriter writer) => Structure.Write(writer, KeyPackage);
}
