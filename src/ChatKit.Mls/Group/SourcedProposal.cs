namespace ChatKit.Mls;

/// <summary>A proposal of a commit with its sender; with a reference if it was sent by itself.</summary>
internal sealed record SourcedProposal(Proposal Proposal, Sender Sender, byte[]? Reference)
{
    public MlsProposal ToPublic() => new(Proposal, Sender, Reference);
}
