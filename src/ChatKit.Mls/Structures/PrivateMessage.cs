namespace ChatKit.Mls;

/// <summary>PrivateMessage (RFC 9420, section 6.3).</summary>
internal sealed record PrivateMessage(
    byte[] GroupId, ulong Epoch, ContentType ContentType, byte[] AuthenticatedData, byte[] EncryptedSenderData, byte[] Ciphertext) : IMlsStructure<PrivateMessage>
{
    public static PrivateMessage Read(ref MlsReader reader)
    {
        var groupId = reader.ReadOpaque();
        var epoch = reader.ReadUInt64();
        var type = (ContentType)reader.ReadUInt8();
        if (type is < ContentType.Application or > ContentType.Commit)
        {
            throw MlsReader.Malformed("A message has an unknown type of content.");
        }

        return new(groupId, epoch, type, reader.ReadOpaque(), reader.ReadOpaque(), reader.ReadOpaque());
    }

    public void Write(MlsWriter writer)
    {
        writer.WriteOpaque(GroupId);
        writer.WriteUInt64(Epoch);
        writer.WriteUInt8((byte)ContentType);
        writer.WriteOpaque(AuthenticatedData);
        writer.WriteOpaque(EncryptedSenderData);
        writer.WriteOpaque(Ciphertext);
    }
}
