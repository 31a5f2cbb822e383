namespace ChatKit.Mls;

/// <summary>Proposal (RFC 9420, section 12.1). Immutable.</summary>
internal abstract class Proposal : IMlsStructure<Proposal>
{
    public abstract MlsProposalType Type { get; }

    /// <summary>Whether a commit with it needs a path (RFC 9420, section 17.4).</summary>
    public virtual bool RequiresPath => false;

    public static Proposal Read(ref MlsReader reader)
    {
        return (MlsProposalType)reader.ReadUInt16() switch
        {
            MlsProposalType.Add => new AddProposal(Structure.Read<MlsKeyPackage>(ref reader)),
            MlsProposalType.Update => new UpdateProposal(LeafNode.Read(ref reader)),
            MlsProposalType.Remove => new RemoveProposal(reader.ReadUInt32()),
            MlsProposalType.PreSharedKey => new PreSharedKeyProposal(PreSharedKeyId.Read(ref reader)),
            MlsProposalType.ReInit => ReInitProposal.ReadBody(ref reader),
            MlsProposalType.ExternalInit => new ExternalInitProposal(reader.ReadOpaque()),
            MlsProposalType.GroupContextExtensions => new GroupContextExtensionsProposal(MlsCodec.ReadList<MlsExtension>(ref reader)),
            _ => throw new MlsException(MlsErrorCode.InvalidProposal, "A proposal has an unknown type."),
        };
    }

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt16((ushort)Type);
        WriteBody(writer);
    }

    public abstract void WriteBody(MlsWriter writer);
}
