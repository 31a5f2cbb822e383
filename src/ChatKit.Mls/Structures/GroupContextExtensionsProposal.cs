namespace ChatKit.Mls;

/// <summary>GroupContextExtensions (RFC 9420, section 12.1.7).</summary>
internal sealed class GroupContextExtensionsProposal(MlsExtension[] extensions) : Proposal
{
    public override MlsProposalType Type => MlsProposalType.GroupContextExtensions;

    public override bool RequiresPath => true;

    public MlsExtension[] Extensions { get; } = extensions;

    public override void WriteBody(MlsWriter writer) => MlsCodec.WriteList(writer, Extensions);
}
