namespace ChatKit.Mls;

/// <summary>The proposals of one commit, sorted and checked against each other (RFC 9420, section 12.2).</summary>
internal sealed class ProposalSet
{
    private ProposalSet()
    {
    }

    public List<MlsKeyPackage> Adds { get; } = [];

    public Dictionary<uint, LeafNode> Updates { get; } = [];

    public List<uint> Removes { get; } = [];

    public List<PreSharedKeyId> Psks { get; } = [];

    public MlsExtension[]? GroupContextExtensions { get; private set; }

    public ReInitProposal? ReInit { get; private set; }

    public ExternalInitProposal? ExternalInit { get; private set; }

    public bool RequiresPath { get; private set; }

    public bool IsEmpty { get; private set; }

    /// <summary>The set of a member's commit.</summary>
    public static ProposalSet ForMember(IReadOnlyList<SourcedProposal> proposals, uint committer)
    {
        var set = new ProposalSet { IsEmpty = proposals.Count == 0 };
        foreach (var item in proposals)
        {
            set.Add(item, committer);
        }

        if (set.ReInit is not null && proposals.Count > 1)
        {
            throw Invalid("A ReInit stands with other proposals.");
        }

        set.EnsureDistinct();
        return set;
    }

    /// <summary>The set of an external commit (section 12.4.3.2).</summary>
    public static ProposalSet ForExternal(IReadOnlyList<SourcedProposal> proposals)
    {
        var set = new ProposalSet { RequiresPath = true };
        foreach (var item in proposals)
        {
            if (item.Reference is not null)
            {
                throw Invalid("An external commit holds a proposal by reference.");
            }

            switch (item.Proposal)
            {
                case ExternalInitProposal externalInit when set.ExternalInit is null:
                    set.ExternalInit = externalInit;
                    break;
                case RemoveProposal remove when set.Removes.Count == 0:
                    set.Removes.Add(remove.Removed);
                    break;
                case PreSharedKeyProposal psk:
                    set.Psks.Add(psk.Psk);
                    break;
                default:
                    throw Invalid("An external commit holds a proposal that it may not hold.");
            }
        }

        if (set.ExternalInit is null)
        {
            throw Invalid("An external commit holds no ExternalInit.");
        }

        set.EnsureDistinct();
        return set;
    }

    private void Add(SourcedProposal item, uint committer)
    {
        RequiresPath |= item.Proposal.RequiresPath;
        switch (item.Proposal)
        {
            case AddProposal add:
                Adds.Add(add.KeyPackage);
                break;
            case UpdateProposal update:
                if (item.Reference is null || item.Sender.Type != MlsSenderType.Member || item.Sender.Index == committer)
                {
                    throw Invalid("An Update is the committer's own.");
                }

                if (!Updates.TryAdd(item.Sender.Index, update.LeafNode))
                {
                    throw Invalid("Two Updates are for the same leaf.");
                }

                break;
            case RemoveProposal remove:
                if (remove.Removed == committer)
                {
                    throw Invalid("A Remove is for the committer.");
                }

                Removes.Add(remove.Removed);
                break;
            case PreSharedKeyProposal psk:
                Psks.Add(psk.Psk);
                break;
            case ReInitProposal reInit:
                ReInit = reInit;
                break;
            case GroupContextExtensionsProposal extensions:
                if (GroupContextExtensions is not null)
                {
                    throw Invalid("Two GroupContextExtensions stand together.");
                }

                GroupContextExtensions = extensions.Extensions;
                break;
            default:
                throw Invalid("A commit of a member holds an ExternalInit.");
        }
    }

    private void EnsureDistinct()
    {
        var leaves = new HashSet<uint>(Updates.Keys);
        foreach (var removed in Removes)
        {
            if (!leaves.Add(removed))
            {
                throw Invalid("Two proposals change the same leaf.");
            }
        }

        var psks = new HashSet<byte[]>(ByteArrayComparer.Instance);
        foreach (var psk in Psks)
        {
            if (!psks.Add(MlsCodec.Encode(psk with { Nonce = [] })))
            {
                throw Invalid("A PSK is used twice.");
            }
        }
    }

    private static MlsException Invalid(string message) => new(MlsErrorCode.InvalidCommit, message);
}
