namespace ChatKit.Mls;

/// <summary>A proposal that waits for a commit, with the private key of an own Update.</summary>
internal sealed record CachedProposal(byte[] Reference, ulong Order, SourcedProposal Sourced, byte[]? PrivateKey)
{
    public static CachedProposal Read(ref MlsReader reader, byte[] reference)
    {
        var order = reader.ReadUInt64();
        var sender = Sender.Read(ref reader);
        var proposal = Proposal.Read(ref reader);
        var key = reader.ReadOptional() ? reader.ReadOpaque() : null;
        reader.EnsureEnd();
        return new(reference, order, new SourcedProposal(proposal, sender, reference), key);
    }

    public byte[] Encode()
    {
        using var writer = new MlsWriter(512);
        writer.WriteUInt64(Order);
        Sourced.Sender.Write(writer);
        Sourced.Proposal.Write(writer);
        writer.WriteOptional(PrivateKey is not null);
        if (PrivateKey is not null)
        {
            writer.WriteOpaque(PrivateKey);
        }

        return writer.ToArray();
    }
}
