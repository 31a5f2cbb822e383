namespace ChatKit.Mls;

/// <summary>Sender (RFC 9420, section 6). The index is a leaf index or an index into external_senders.</summary>
internal readonly record struct Sender(MlsSenderType Type, uint Index) : IMlsStructure<Sender>
{
    public static Sender Member(uint leafIndex) => new(MlsSenderType.Member, leafIndex);

    public static Sender Read(ref MlsReader reader)
    {
        var type = (MlsSenderType)reader.ReadUInt8();
        return type switch
        {
            MlsSenderType.Member or MlsSenderType.External => new(type, reader.ReadUInt32()),
            MlsSenderType.NewMemberProposal or MlsSenderType.NewMemberCommit => new(type, 0),
            _ => throw MlsReader.Malformed("A message has an unknown type of sender."),
        };
    }

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt8((byte)Type);
        if (Type is MlsSenderType.Member or MlsSenderType.External)
        {
            writer.WriteUInt32(Index);
        }
    }
}
