namespace ChatKit.Mls;

/// <summary>What a group becomes by a re-init (RFC 9420, sections 11.2 and 12.1.5). Immutable.</summary>
public sealed class MlsReInit
{
    /// <summary>Makes the parameters.</summary>
    /// <param name="groupId">The identifier of the new group.</param>
    /// <param name="suite">The cipher suite of the new group.</param>
    /// <param name="extensions">The extensions of the new group.</param>
    public MlsReInit(ReadOnlySpan<byte> groupId, MlsCipherSuite suite, IEnumerable<MlsExtension>? extensions = null)
    {
        ArgumentNullException.ThrowIfNull(suite);
        Proposal = new ReInitProposal(groupId.ToArray(), ProtocolVersion.Mls10, suite.Id, [.. extensions ?? []]);
    }

    internal MlsReInit(ReInitProposal proposal) => Proposal = proposal;

    /// <summary>The identifier of the new group.</summary>
    public ReadOnlyMemory<byte> GroupId => Proposal.GroupId;

    /// <summary>The number of the new group's cipher suite.</summary>
    public int CipherSuite => Proposal.CipherSuite;

    /// <summary>The extensions of the new group.</summary>
    public IReadOnlyList<MlsExtension> Extensions => Proposal.Extensions;

    internal ReInitProposal Proposal { get; }
}
