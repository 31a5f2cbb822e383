namespace ChatKit.Mls;

/// <summary>Commit (RFC 9420, section 12.4).</summary>
internal sealed record Commit(ProposalOrRef[] Proposals, UpdatePath? Path) : IMlsStructure<Commit>
{
    public static Commit Read(ref MlsReader reader) =>
        new(MlsCodec.ReadList<ProposalOrRef>(ref reader), reader.ReadOptional() ? UpdatePath.Read(ref reader) : null);

    public void Write(MlsWriter writer)
    {
        MlsCodec.WriteList(writer, Proposals);
        writer.WriteOptional(Path is not null);
        Path?.Write(writer);
    }
}
