namespace ChatKit.Mls;

/// <summary>ReInit (RFC 9420, section 12.1.5).</summary>
internal sealed class ReInitProposal(byte[] groupId, ushort version, ushort cipherSuite, MlsExtension[] extensions) : Proposal
{
    public override MlsProposalType Type => MlsProposalType.ReInit;

    public byte[] GroupId { get; } = groupId;

    public ushort Version { get; } = version;

    public ushort CipherSuite { get; } = cipherSuite;

    public MlsExtension[] Extensions { get; } = extensions;

    public static ReInitProposal ReadBody(ref MlsReader reader) =>
        new(reader.ReadOpaque(), reader.ReadUInt16(), reader.ReadUInt16(), MlsCodec.ReadList<MlsExtension>(ref reader));

    public override void WriteBody(MlsWriter writer)
    {
        writer.WriteOpaque(GroupId);
        writer.WriteUInt16(Version);
        writer.WriteUInt16(CipherSuite);
        MlsCodec.WriteList(writer, Extensions);
    }
}
