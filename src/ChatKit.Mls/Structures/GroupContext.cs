namespace ChatKit.Mls;

/// <summary>GroupContext (RFC 9420, section 8.1).</summary>
internal sealed record GroupContext(
    ushort Version, ushort CipherSuite, byte[] GroupId, ulong Epoch, byte[] TreeHash, byte[] ConfirmedTranscriptHash, MlsExtension[] Extensions) : IMlsStructure<GroupContext>
{
    public static GroupContext Read(ref MlsReader reader) => new(
        reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadOpaque(), reader.ReadUInt64(), reader.ReadOpaque(), reader.ReadOpaque(), MlsCodec.ReadList<MlsExtension>(ref reader));

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt16(Version);
        writer.WriteUInt16(CipherSuite);
        writer.WriteOpaque(GroupId);
        writer.WriteUInt64(Epoch);
        writer.WriteOpaque(TreeHash);
        writer.WriteOpaque(ConfirmedTranscriptHash);
        MlsCodec.WriteList(writer, Extensions);
    }
}
