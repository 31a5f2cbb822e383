namespace ChatKit.Mls;

/// <summary>
/// A proposal (RFC 9420, section 12.1): one that this client makes, or one that it has received. Immutable.
/// </summary>
public sealed class MlsProposal
{
    private readonly byte[] _reference;

    internal MlsProposal(Proposal content, Sender? sender, byte[]? reference)
    {
        Content = content;
        Sender = sender;
        _reference = reference ?? [];
    }

    /// <summary>The type.</summary>
    public MlsProposalType Type => Content.Type;

    /// <summary>The type of the sender; null for a proposal of this client that was not sent.</summary>
    public MlsSenderType? SenderType => Sender?.Type;

    /// <summary>The sender's leaf index, or its index among the external senders; null for others.</summary>
    public int? SenderIndex => Sender is { Type: MlsSenderType.Member or MlsSenderType.External } s ? (int)s.Index : null;

    /// <summary>ProposalRef (section 5.2); empty for a proposal by value.</summary>
    public ReadOnlyMemory<byte> Reference => _reference;

    /// <summary>Add: the key package.</summary>
    public MlsKeyPackage? KeyPackage => (Content as AddProposal)?.KeyPackage;

    /// <summary>Remove: the leaf index of who is removed.</summary>
    public int? Removed => Content is RemoveProposal remove ? (int)remove.Removed : null;

    /// <summary>PreSharedKey: the identifier of an external PSK; null for others.</summary>
    public ReadOnlyMemory<byte>? ExternalPskId => Content is PreSharedKeyProposal { Psk.IsResumption: false } psk ? psk.Psk.PskId : default(ReadOnlyMemory<byte>?);

    /// <summary>Update: the new credential of the sender.</summary>
    public MlsCredential? UpdatedCredential => (Content as UpdateProposal)?.LeafNode.Credential;

    /// <summary>ReInit: what the group is to become.</summary>
    public MlsReInit? ReInitParameters => Content is ReInitProposal reInit ? new MlsReInit(reInit) : null;

    /// <summary>GroupContextExtensions: the new extensions.</summary>
    public IReadOnlyList<MlsExtension>? GroupExtensions => (Content as GroupContextExtensionsProposal)?.Extensions;

    internal Proposal Content { get; }

    internal Sender? Sender { get; }

    /// <summary>Makes an Add (section 12.1.1).</summary>
    /// <param name="keyPackage">The key package of the client to add.</param>
    /// <returns>The proposal.</returns>
    public static MlsProposal Add(MlsKeyPackage keyPackage)
    {
        ArgumentNullException.ThrowIfNull(keyPackage);
        return new(new AddProposal(keyPackage), null, null);
    }

    /// <summary>Makes a Remove (section 12.1.3).</summary>
    /// <param name="leafIndex">The leaf index of the member to remove.</param>
    /// <returns>The proposal.</returns>
    public static MlsProposal Remove(int leafIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leafIndex);
        return new(new RemoveProposal((uint)leafIndex), null, null);
    }

    /// <summary>Makes a PreSharedKey for an external PSK (section 12.1.4).</summary>
    /// <param name="pskId">The identifier that all members know.</param>
    /// <returns>The proposal.</returns>
    public static MlsProposal ExternalPsk(ReadOnlySpan<byte> pskId) => new(new PreSharedKeyProposal(PreSharedKeyId.External(pskId.ToArray(), [])), null, null);

    /// <summary>Makes a PreSharedKey for a resumption PSK (sections 8.6 and 12.1.4).</summary>
    /// <param name="groupId">The group that it is from.</param>
    /// <param name="epoch">The epoch that it is from.</param>
    /// <returns>The proposal.</returns>
    public static MlsProposal ResumptionPsk(ReadOnlySpan<byte> groupId, ulong epoch)
    {
        return new(new PreSharedKeyProposal(PreSharedKeyId.Resumption(ResumptionPskUsage.Application, groupId.ToArray(), epoch, [])), null, null);
    }

    /// <summary>Makes a ReInit (section 12.1.5).</summary>
    /// <param name="parameters">What the group is to become.</param>
    /// <returns>The proposal.</returns>
    public static MlsProposal ReInit(MlsReInit parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(parameters.Proposal, null, null);
    }

    /// <summary>Makes a GroupContextExtensions (section 12.1.7).</summary>
    /// <param name="extensions">All extensions that the group is to have.</param>
    /// <returns>The proposal.</returns>
    public static MlsProposal GroupContextExtensions(IEnumerable<MlsExtension> extensions)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        return new(new GroupContextExtensionsProposal([.. extensions]), null, null);
    }
}
