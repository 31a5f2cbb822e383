namespace ChatKit.Mls;

/// <content>Branch and re-init (RFC 9420, sections 11.2 and 11.3).</content>
public sealed partial class MlsGroup
{
    /// <summary>Starts a group of some members of this one, tied to it by a resumption PSK (RFC 9420, section 11.3).</summary>
    /// <param name="groupId">The identifier of the new group.</param>
    /// <param name="keyPackages">Key packages of the other members of the new group; all must be members of this one.</param>
    /// <param name="store">Where the new group keeps its state.</param>
    /// <param name="extensions">The extensions of the new group; null: those of this one.</param>
    /// <returns>The new group and the Welcome for the others.</returns>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.GroupInactive"/>, or a key package is not of a member.</exception>
    public MlsResumedGroup Branch(
        ReadOnlySpan<byte> groupId, IReadOnlyList<MlsKeyPackage> keyPackages, MlsGroupStore store, IEnumerable<MlsExtension>? extensions = null)
    {
        ArgumentNullException.ThrowIfNull(keyPackages);
        ArgumentNullException.ThrowIfNull(store);
        EnsureActive();
        EnsureMembersOf(keyPackages.Select(k => k.Credential), all: false);
        return Resume(ResumptionPskUsage.Branch, groupId, _suite, [.. extensions ?? Extensions], keyPackages, store);
    }

    /// <summary>Starts the successor of this group, which a committed ReInit has suspended (RFC 9420, section 11.2).</summary>
    /// <param name="keyPackages">Key packages of all other members, for the cipher suite of the new group.</param>
    /// <param name="store">Where the new group keeps its state.</param>
    /// <returns>The new group and the Welcome for the others.</returns>
    /// <exception cref="MlsException">
    /// <see cref="MlsErrorCode.ResumptionMismatch"/>: the group is not suspended, or the key packages are not those of its other members.
    /// </exception>
    public MlsResumedGroup StartSuccessor(IReadOnlyList<MlsKeyPackage> keyPackages, MlsGroupStore store)
    {
        ArgumentNullException.ThrowIfNull(keyPackages);
        ArgumentNullException.ThrowIfNull(store);
        ThrowIfDisposed();
        if (Status != MlsGroupStatus.Suspended || _reInit is null)
        {
            throw new MlsException(MlsErrorCode.ResumptionMismatch, "The group is not suspended by a ReInit.");
        }

        EnsureMembersOf(keyPackages.Select(k => k.Credential).Append(OwnLeafNode().Credential), all: true);
        return Resume(ResumptionPskUsage.ReInit, _reInit.GroupId, _options.Suite(_reInit.CipherSuite), _reInit.Extensions, keyPackages, store);
    }

    private MlsResumedGroup Resume(
        ResumptionPskUsage usage, ReadOnlySpan<byte> groupId, MlsCipherSuite suite, MlsExtension[] extensions, IReadOnlyList<MlsKeyPackage> keyPackages, MlsGroupStore store)
    {
        if (groupId.SequenceEqual(_current.Context.GroupId) || keyPackages.Count == 0)
        {
            throw new MlsException(MlsErrorCode.ResumptionMismatch, "The new group needs an identifier of its own and other members.");
        }

        var leaf = OwnLeafNode();
        var options = OptionsFor(leaf);
        var leafOptions = new MlsKeyPackageOptions { Capabilities = leaf.Capabilities, LeafExtensions = leaf.Extensions, TimeProvider = _options.TimeProvider };
        var scratch = new MlsMemoryGroupStore();
        var group = Create(groupId, suite, leaf.Credential, options, scratch, extensions, leafOptions);
        try
        {
            var sender = Sender.Member(0);
            var psk = PreSharedKeyId.Resumption(usage, _current.Context.GroupId, Epoch, System.Security.Cryptography.RandomNumberGenerator.GetBytes(suite.HashLength));
            List<SourcedProposal> list = [new(new PreSharedKeyProposal(psk), sender, null), .. keyPackages.Select(k => new SourcedProposal(new AddProposal(k), sender, null))];
            list.FindAll(p => p.Proposal is AddProposal).ForEach(group.ValidateProposal);
            var (pending, _) = group.BuildCommit(list, ProposalSet.ForMember(list, 0), new MlsCommitOptions(), this);
            group.Dispose();
            return new MlsResumedGroup(Start(_options, store, pending.Next), pending.Welcome!.Value.ToArray());
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    private MlsGroupOptions OptionsFor(LeafNode leaf)
    {
        var signer = _options.SignerFor(leaf.SignatureKey);
        return ReferenceEquals(signer, _options.Signer)
            ? _options
            : new MlsGroupOptions
            {
                Signer = signer,
                CredentialValidator = _options.CredentialValidator,
                CipherSuites = _options.CipherSuites,
                PskProvider = _options.PskProvider,
                TimeProvider = _options.TimeProvider,
                PaddingBlock = _options.PaddingBlock,
                PublicHandshake = _options.PublicHandshake,
            };
    }

    private void EnsureMembersOf(IEnumerable<MlsCredential> credentials, bool all)
    {
        var left = _current.Tree.Leaves().Select(l => l.Leaf.Credential).ToList();
        foreach (var credential in credentials)
        {
            var index = left.FindIndex(c => _options.CredentialValidator.IsSuccessor(c, credential));
            if (index < 0)
            {
                throw new MlsException(MlsErrorCode.ResumptionMismatch, "A member of the new group is not one of the old group.");
            }

            left.RemoveAt(index);
        }

        if (all && left.Count > 0)
        {
            throw new MlsException(MlsErrorCode.ResumptionMismatch, "A member of the old group is missing in the new one.");
        }
    }

    /// <summary>What a joiner checks if the Welcome resumes another group.</summary>
    private static void EnsureResumption(PreSharedKeyId[] psks, EpochState state, MlsGroup? from)
    {
        var resumptions = Array.FindAll(psks, p => p.IsResumption && p.Usage != ResumptionPskUsage.Application);
        if (resumptions.Length == 0)
        {
            if (from is not null)
            {
                throw new MlsException(MlsErrorCode.ResumptionMismatch, "The Welcome does not resume the given group.");
            }

            return;
        }

        var psk = resumptions[0];
        if (resumptions.Length > 1 || from is null || state.Epoch != 1
            || !psk.GroupId.AsSpan().SequenceEqual(from._current.Context.GroupId)
            || (psk.Usage == ResumptionPskUsage.ReInit && psk.Epoch != from.Epoch))
        {
            throw new MlsException(MlsErrorCode.ResumptionMismatch, "The Welcome does not resume the given group.");
        }

        var context = state.Context;
        if (psk.Usage == ResumptionPskUsage.Branch)
        {
            if (context.CipherSuite != from._current.Context.CipherSuite || context.Version != from._current.Context.Version)
            {
                throw new MlsException(MlsErrorCode.ResumptionMismatch, "The new group has another cipher suite or version.");
            }
        }
        else if (from._reInit is not { } reInit || context.CipherSuite != reInit.CipherSuite || context.Version != reInit.Version
            || !context.GroupId.AsSpan().SequenceEqual(reInit.GroupId)
            || !MlsCodec.EncodeList(context.Extensions).AsSpan().SequenceEqual(MlsCodec.EncodeList(reInit.Extensions)))
        {
            throw new MlsException(MlsErrorCode.ResumptionMismatch, "The new group differs from what the ReInit said.");
        }

        from.EnsureMembersOf(state.Tree.Leaves().Select(l => l.Leaf.Credential), all: psk.Usage == ResumptionPskUsage.ReInit);
    }
}
