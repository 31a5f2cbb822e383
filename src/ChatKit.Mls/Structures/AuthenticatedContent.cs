namespace ChatKit.Mls;

/// <summary>AuthenticatedContent (RFC 9420, section 6): content with its signature and, for a commit, its confirmation tag.</summary>
internal sealed record AuthenticatedContent(MlsWireFormat WireFormat, FramedContent Content, byte[] Signature, byte[]? ConfirmationTag) : IMlsStructure<AuthenticatedContent>
{
    private static ReadOnlySpan<byte> Label => "FramedContentTBS"u8;

    public static AuthenticatedContent Read(ref MlsReader reader)
    {
        var wireFormat = (MlsWireFormat)reader.ReadUInt16();
        if (wireFormat is not (MlsWireFormat.PublicMessage or MlsWireFormat.PrivateMessage))
        {
            throw MlsReader.Malformed("Authenticated content has a wrong wire format.");
        }

        var content = FramedContent.Read(ref reader);
        var signature = reader.ReadOpaque();
        return new(wireFormat, content, signature, content.ContentType == ContentType.Commit ? reader.ReadOpaque() : null);
    }

    /// <summary>Signs content (section 6.1). The confirmation tag of a commit is added later.</summary>
    public static AuthenticatedContent Sign(MlsSigner signer, MlsWireFormat wireFormat, FramedContent content, GroupContext? context)
    {
        using var writer = new MlsWriter(1024);
        WriteToBeSigned(writer, wireFormat, content, context);
        return new(wireFormat, content, signer.SignWithLabel(Label, writer.Written), null);
    }

    public bool Verify(MlsCipherSuite suite, ReadOnlySpan<byte> signatureKey, GroupContext? context)
    {
        using var writer = new MlsWriter(1024);
        WriteToBeSigned(writer, WireFormat, Content, context);
        return suite.VerifyWithLabel(signatureKey, Label, writer.Written, Signature);
    }

    public void Write(MlsWriter writer)
    {
        writer.WriteUInt16((ushort)WireFormat);
        Content.Write(writer);
        WriteAuthData(writer);
    }

    public void WriteAuthData(MlsWriter writer)
    {
        writer.WriteOpaque(Signature);
        if (Content.ContentType == ContentType.Commit)
        {
            writer.WriteOpaque(ConfirmationTag);
        }
    }

    /// <summary>ProposalRef (section 5.2).</summary>
    public byte[] ProposalReference(MlsCipherSuite suite) => suite.RefHash("MLS 1.0 Proposal Reference"u8, MlsCodec.Encode(this));

    /// <summary>ConfirmedTranscriptHashInput (section 8.2).</summary>
    public void WriteConfirmedTranscriptHashInput(MlsWriter writer)
    {
        writer.WriteUInt16((ushort)WireFormat);
        Content.Write(writer);
        writer.WriteOpaque(Signature);
    }

    /// <summary>AuthenticatedContentTBM (section 6.2).</summary>
    public byte[] MembershipTag(MlsCipherSuite suite, ReadOnlySpan<byte> membershipKey, GroupContext context)
    {
        using var writer = new MlsWriter(1024);
        WriteToBeSigned(writer, WireFormat, Content, context);
        WriteAuthData(writer);
        return suite.Mac(membershipKey, writer.Written);
    }

    private static void WriteToBeSigned(MlsWriter writer, MlsWireFormat wireFormat, FramedContent content, GroupContext? context)
    {
        writer.WriteUInt16(ProtocolVersion.Mls10);
        writer.WriteUInt16((ushort)wireFormat);
        content.Write(writer);
        if (content.Sender.Type is MlsSenderType.Member or MlsSenderType.NewMemberCommit)
        {
            context!.Write(writer);
        }
    }
}
