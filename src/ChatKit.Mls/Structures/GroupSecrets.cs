namespace ChatKit.Mls;

/// <summary>GroupSecrets (RFC 9420, section 12.4.3.1).</summary>
internal sealed record GroupSecrets(byte[] JoinerSecret, byte[]? PathSecret, PreSharedKeyId[] Psks) : IMlsStructure<GroupSecrets>
{
    public static GroupSecrets Read(ref MlsReader reader) => new(
        reader.ReadOpaque(), reader.ReadOptional() ? reader.ReadOpaque() : null, MlsCodec.ReadList<PreSharedKeyId>(ref reader));

    public void Write(MlsWriter writer)
    {
        writer.WriteOpaque(JoinerSecret);
        writer.WriteOptional(PathSecret is not null);
        if (PathSecret is not null)
        {
            writer.WriteOpaque(PathSecret);
        }

        MlsCodec.WriteList(writer, Psks);
    }
}
