namespace ChatKit.Mls;

/// <summary>EncryptedGroupSecrets (RFC 9420, section 12.4.3.1).</summary>
internal sealed record EncryptedGroupSecrets(byte[] NewMember, HpkeCiphertext Secrets) : IMlsStructure<EncryptedGroupSecrets>
{
    public static EncryptedGroupSecrets Read(ref MlsReader reader) => new(reader.ReadOpaque(), HpkeCiphertext.Read(ref reader));

    public void Write(MlsWriter writer)
    {
        writer.WriteOpaque(NewMember);
        Secrets.Write(writer);
    }
}
