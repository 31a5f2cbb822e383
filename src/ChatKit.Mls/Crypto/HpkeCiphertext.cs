namespace ChatKit.Mls;

/// <summary>HPKECiphertext (RFC 9420, section 7.6).</summary>
internal sealed record HpkeCiphertext(byte[] KemOutput, byte[] Ciphertext) : IMlsStructure<HpkeCiphertext>
{
    public static HpkeCiphertext Read(ref MlsReader reader) => new(reader.ReadOpaque(), reader.ReadOpaque());

    public void Write(MlsWriter writer)
    {
        writer.WriteOpaque(KemOutput);
        writer.WriteOpaque(Ciphertext);
    }
}
