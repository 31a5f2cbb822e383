namespace ChatKit.Mls;

/// <summary>GroupInfo (RFC 9420, section 12.4.3).</summary>
internal sealed record GroupInfo(GroupContext Context, MlsExtension[] Extensions, byte[] ConfirmationTag, uint Signer, byte[] Signature) : IMlsStructure<GroupInfo>
{
    private static ReadOnlySpan<byte> Label => "GroupInfoTBS"u8;

    public static GroupInfo Read(ref MlsReader reader) => new(
        GroupContext.Read(ref reader), MlsCodec.ReadList<MlsExtension>(ref reader), reader.ReadOpaque(), reader.ReadUInt32(), reader.ReadOpaque());

    public static GroupInfo Create(GroupContext context, MlsExtension[] extensions, byte[] confirmationTag, uint signerIndex, MlsSigner signer)
    {
        var unsigned = new GroupInfo(context, extensions, confirmationTag, signerIndex, []);
        using var writer = new MlsWriter(4096);
        unsigned.WriteContent(writer);
        return unsigned with { Signature = signer.SignWithLabel(Label, writer.Written) };
    }

    public bool Verify(MlsCipherSuite suite, ReadOnlySpan<byte> signatureKey)
    {
        using var writer = new MlsWriter(4096);
        WriteContent(writer);
        return suite.VerifyWithLabel(signatureKey, Label, writer.Written, Signature);
    }

    public void Write(MlsWriter writer)
    {
        WriteContent(writer);
        writer.WriteOpaque(Signature);
    }

    private void WriteContent(MlsWriter writer)
    {
        Context.Write(writer);
        MlsCodec.WriteList(writer, Extensions);
        writer.WriteOpaque(ConfirmationTag);
        writer.WriteUInt32(Signer);
    }
}
