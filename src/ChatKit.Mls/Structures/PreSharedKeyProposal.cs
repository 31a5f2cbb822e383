namespace ChatKit.Mls;

/// <summary>PreSharedKey (RFC 9420, section 12.1.4).</summary>
internal sealed class PreSharedKeyProposal(PreSharedKeyId psk) : Proposal
{
    public override MlsProposalType Type => MlsProposalType.PreSharedKey;

    public PreSharedKeyId Psk { get; } = psk;

    public override void WriteBody(MlsWriter writer) => Psk.Write(writer);
}
