namespace ChatKit.Mls;

/// <summary>PublicMessage (RFC 9420, section 6.2).</summary>
internal sealed record PublicMessage(FramedContent Content, byte[] Signature, byte[]? ConfirmationTag, byte[]? MembershipTag) : IMlsStructure<PublicMessage>
{
    public static PublicMessage Read(ref MlsReader reader)
    {
        var content = FramedContent.Read(ref reader);
        var signature = reader.ReadOpaque();
        var confirmationTag = content.ContentType == ContentType.Commit ? reader.ReadOpaque() : null;
        return new(content, signature, confirmationTag, content.Sender.Type == MlsSenderType.Member ? reader.ReadOpaque() : null);
    }

    public void Write(MlsWriter writer)
    {
        Content.Write(writer);
        writer.WriteOpaque(Signature);
        if (Content.ContentType == ContentType.Commit)
        {
            writer.WriteOpaque(ConfirmationTag);
        }

        if (Content.Sender.Type == MlsSenderType.Member)
        {
            writer.WriteOpaque(MembershipTag);
        }
    }

    public AuthenticatedContent ToAuthenticatedContent() => new(MlsWireFormat.PublicMessage, Content, Signature, ConfirmationTag);
}
