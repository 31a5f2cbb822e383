namespace ChatKit.Mls;

/// <summary>FramedContent (RFC 9420, section 6). Exactly one of the three contents is set.</summary>
internal sealed record FramedContent(
    byte[] GroupId, ulong Epoch, Sender Sender, byte[] AuthenticatedData, ContentType ContentType,
    byte[]? ApplicationData, Proposal? Proposal, Commit? Commit) : IMlsStructure<FramedContent>
{
    public static FramedContent Read(ref MlsReader reader)
    {
        var groupId = reader.ReadOpaque();
        var epoch = reader.ReadUInt64();
        var sender = Sender.Read(ref reader);
        var authenticatedData = reader.ReadOpaque();
        var type = (ContentType)reader.ReadUInt8();
        return ReadBody(ref reader, groupId, epoch, sender, authenticatedData, type);
    }

    public static FramedContent ReadBody(ref MlsReader reader, byte[] groupId, ulong epoch, Sender sender, byte[] authenticatedData, ContentType type) => type switch
    {
        ContentType.Application => new(groupId, epoch, sender, authenticatedData, type, reader.ReadOpaque(), null, null),
        ContentType.Proposal => new(groupId, epoch, sender, authenticatedData, type, null, ChatKit.Mls.Proposal.Read(ref reader), null),
        ContentType.Commit => new(groupId, epoch, sender, authenticatedData, type, null, null, ChatKit.Mls.Commit.Read(ref reader)),
        _ => throw MlsReader.Malformed("A message has an unknown type of content."),
    };

    public void Write(MlsWriter writer)
    {
        writer.WriteOpaque(GroupId);
        writer.WriteUInt64(Epoch);
        Sender.Write(writer);
        writer.WriteOpaque(AuthenticatedData);
        writer.WriteUInt8((byte)ContentType);
        WriteBody(writer);
    }

    public void WriteBody(MlsWriter writer)
    {
        switch (ContentType)
        {
            case ContentType.Application:
                writer.WriteOpaque(ApplicationData);
                break;
            case ContentType.Proposal:
                Proposal!.Write(writer);
                break;
            default:
                Commit!.Write(writer);
                break;
        }
    }
}
