namespace ChatKit.Mls;

/// <summary>Welcome (RFC 9420, section 12.4.3.1).</summary>
internal sealed record Welcome(ushort CipherSuite, EncryptedGroupSecrets[] Secrets, byte[] EncryptedGroupInfo) : IMlsStructure<Welcome>
{
    public static Welcome Read(ref MlsReader reader) => new(reader.ReadUInt16(), MlsCodec.ReadList<EncryptedGroupSecrets>(ref reader), reader.ReadOpaque());

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt16(CipherSuite);
        MlsCodec.WriteList(writer, Secrets);
        writer.WriteOpaque(EncryptedGroupInfo);
    }
}
