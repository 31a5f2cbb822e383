namespace ChatKit.Mls;

/// <summary>MLSMessage (RFC 9420, section 6). Exactly one of the five bodies is set.</summary>
internal sealed record MlsMessage(
    MlsWireFormat WireFormat, PublicMessage? PublicMessage, PrivateMessage? PrivateMessage, Welcome? Welcome, GroupInfo? GroupInfo, MlsKeyPackage? KeyPackage) : IMlsStructure<MlsMessage>
{
    public static MlsMessage Of(PublicMessage message) => new(MlsWireFormat.PublicMessage, message, null, null, null, null);

    public static MlsMessage Of(PrivateMessage message) => new(MlsWireFormat.PrivateMessage, null, message, null, null, null);

    public static MlsMessage Of(Welcome welcome) => new(MlsWireFormat.Welcome, null, null, welcome, null, null);

    public static MlsMessage Of(GroupInfo groupInfo) => new(MlsWireFormat.GroupInfo, null, null, null, groupInfo, null);

    public static MlsMessage Of(MlsKeyPackage keyPackage) => new(MlsWireFormat.KeyPackage, null, null, null, null, keyPackage);

    public static MlsMessage Read(ref MlsReader reader)
    {
        if (reader.ReadUInt16() != ProtocolVersion.Mls10)
        {
            throw new MlsException(MlsErrorCode.UnsupportedVersion, "The message is for another protocol version.");
        }

        return (MlsWireFormat)reader.ReadUInt16() switch
        {
            MlsWireFormat.PublicMessage => Of(PublicMessage.Read(ref reader)),
            MlsWireFormat.PrivateMessage => Of(PrivateMessage.Read(ref reader)),
            MlsWireFormat.Welcome => Of(Welcome.Read(ref reader)),
            MlsWireFormat.GroupInfo => Of(GroupInfo.Read(ref reader)),
            MlsWireFormat.KeyPackage => Of(Structure.Read<MlsKeyPackage>(ref reader)),
            _ => throw MlsReader.Malformed("The message has an unknown wire format."),
        };
    }

    public static MlsMessage Decode(ReadOnlySpan<byte> data) => MlsCodec.Decode<MlsMessage>(data);

    public byte[] Encode() => MlsCodec.Encode(this);

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt16(ProtocolVersion.Mls10);
        writer.WriteUInt16((ushort)WireFormat);
        PublicMessage?.Write(writer);
        PrivateMessage?.Write(writer);
        Welcome?.Write(writer);
        GroupInfo?.Write(writer);
        if (KeyPackage is not null)
        {
            Structure.Write(writer, KeyPackage);
        }
    }
}
