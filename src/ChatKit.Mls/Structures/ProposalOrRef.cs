namespace ChatKit.Mls;

/// <summary>ProposalOrRef (RFC 9420, section 12.4): exactly one of the two is set.</summary>
internal sealed record ProposalOrRef(Proposal? Proposal, byte[]? Reference) : IMlsStructure<ProposalOrRef>
{
    public static ProposalOrRef Read(ref MlsReader reader) => reader.ReadUInt8() switch
    {
        1 => new(ChatKit.Mls.Proposal.Read(ref reader), null),
        2 => new(null, reader.ReadOpaque()),
        _ => throw MlsReader.Malformed("A proposal in a commit is neither by value nor by reference."),
    };

    public void Write(MlsWriter writer)
    {
        if (Proposal is not null)
        {
            writer.WriteUInt8(1);
            Proposal.Write(writer);
        }
        else
        {
            writer.WriteUInt8(2);
            writer.WriteOpaque(Reference);
        }
    }
}
