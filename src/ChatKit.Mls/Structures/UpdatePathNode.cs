namespace ChatKit.Mls;

/// <summary>UpdatePathNode (RFC 9420, section 7.6).</summary>
internal sealed record UpdatePathNode(byte[] EncryptionKey, HpkeCiphertext[] EncryptedPathSecrets) : IMlsStructure<UpdatePathNode>
{
    public static UpdatePathNode Read(ref MlsReader reader) => new(reader.ReadOpaque(), MlsCodec.ReadList<HpkeCiphertext>(ref reader));

    public void Write(MlsWriter writer)
    {
        writer.WriteOpaque(EncryptionKey);
        MlsCodec.WriteList(writer, EncryptedPathSecrets);
    }
}
