using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <content>Own commits (RFC 9420, section 12.4.1).</content>
public sealed partial class MlsGroup
{
    /// <summary>
    /// Prepares a commit and stores it. It has no effect until <see cref="MergePendingCommit"/>; send its message first and merge when the
    /// delivery service has accepted it.
    /// </summary>
    /// <param name="proposals">Proposals of this client to commit; none: the commit renews this client's keys.</param>
    /// <param name="options">How the commit is made.</param>
    /// <returns>The pending commit with the messages to send.</returns>
    /// <exception cref="MlsException">
    /// <see cref="MlsErrorCode.PendingCommitExists"/>, <see cref="MlsErrorCode.GroupInactive"/>, or a proposal is not valid; nothing changed.
    /// </exception>
    public MlsPendingCommit PrepareCommit(IEnumerable<MlsProposal>? proposals = null, MlsCommitOptions? options = null)
    {
        EnsureActive();
        options ??= new MlsCommitOptions();
        if (PendingCommit is not null)
        {
            throw new MlsException(MlsErrorCode.PendingCommitExists, "A commit is pending; merge or drop it first.");
        }

        var own = (proposals ?? []).Select(p => new SourcedProposal(WithNonce(p.Content), Sender.Member(_current.OwnLeaf), null)).ToList();
        own.ForEach(ValidateProposal);
        List<SourcedProposal> list = [.. options.IncludePending ? Committable(own) : [], .. own];
        var (pending, step) = BuildCommit(list, ProposalSet.ForMember(list, _current.OwnLeaf), options);
        try
        {
            var changes = new StateChanges();
            if (step is not null)
            {
                changes.Add(Epoch, step);
            }

            changes.Put(StateKeys.Pending, pending.Encode(_current));
            Save(changes);
        }
        catch
        {
            pending.Zero(_current);
            throw;
        }

        if (step is not null)
        {
            Use(_current.SecretTree, step);
        }

        PendingCommit = pending;
        return pending;
    }

    /// <summary>Makes the pending commit take effect: the delivery service accepted it.</summary>
    /// <returns>What changed.</returns>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.NoPendingCommit"/>.</exception>
    public MlsCommitMerged MergePendingCommit()
    {
        ThrowIfDisposed();
        var pending = PendingCommit ?? throw new MlsException(MlsErrorCode.NoPendingCommit, "No commit is pending.");
        MoveTo(pending.Next, pending.ReInit, null);
        return new MlsCommitMerged(pending.Changes, Epoch, isOwn: true, removedSelf: false, pendingDropped: false, ReInit, pending.AuthenticatedData);
    }

    /// <summary>Drops the pending commit: the delivery service refused it.</summary>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.NoPendingCommit"/>.</exception>
    public void DropPendingCommit()
    {
        ThrowIfDisposed();
        var pending = PendingCommit ?? throw new MlsException(MlsErrorCode.NoPendingCommit, "No commit is pending.");
        var changes = new StateChanges();
        changes.Delete(StateKeys.Pending);
        Save(changes);
        pending.Zero(_current);
        PendingCommit = null;
    }

    /// <summary>The waiting proposals that this member may commit together (section 12.2): a Remove before an Update, the later Update.</summary>
    private List<SourcedProposal> Committable(List<SourcedProposal> own)
    {
        var waiting = OrderedProposals().Select(p => p.Sourced).ToList();
        var removed = waiting.Concat(own).Select(p => p.Proposal).OfType<RemoveProposal>().Select(r => r.Removed).ToHashSet();
        var seen = new HashSet<byte[]>(ByteArrayComparer.Instance);
        var result = new List<SourcedProposal>();
        var ownKeys = own.Select(ConflictKey).Where(k => k is not null).Select(k => k!);
        seen.UnionWith(ownKeys);
        var reInit = waiting.Concat(own).Any(p => p.Proposal is not ReInitProposal);
        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            var item = waiting[i];
            var skip = item.Proposal switch
            {
                UpdateProposal => item.Sender.Index == _current.OwnLeaf || removed.Contains(item.Sender.Index),
                RemoveProposal remove => remove.Removed == _current.OwnLeaf,
                ReInitProposal => reInit,
                AddProposal add => IsMember(add.KeyPackage.LeafNode, removed),
                _ => false,
            };
            if (!skip && (ConflictKey(item) is not { } key || seen.Add(key)))
            {
                result.Add(item);
            }
        }

        result.Reverse();
        return result;
    }

    /// <summary>Whether a leaf's signature key is that of a member who stays: such an Add would spoil the commit.</summary>
    private bool IsMember(LeafNode leaf, HashSet<uint> removed) =>
        _current.Tree.Leaves().Any(l => !removed.Contains(l.Index) && l.Leaf.SignatureKey.AsSpan().SequenceEqual(leaf.SignatureKey));

    /// <summary>Two proposals with the same key cannot stand in one commit.</summary>
    private static byte[]? ConflictKey(SourcedProposal item)
    {
        using var writer = new MlsWriter();
        writer.WriteUInt16((ushort)item.Proposal.Type);
        switch (item.Proposal)
        {
            case AddProposal add:
                writer.WriteBytes(add.KeyPackage.LeafNode.SignatureKey);
                break;
            case UpdateProposal:
                writer.WriteUInt32(item.Sender.Index);
                break;
            case RemoveProposal remove:
                writer.WriteUInt32(remove.Removed);
                break;
            case PreSharedKeyProposal psk:
                (psk.Psk with { Nonce = [] }).Write(writer);
                break;
            case GroupContextExtensionsProposal or ReInitProposal:
                break;
            default:
                return null;
        }

        return writer.ToArray();
    }

    private (MlsPendingCommit Pending, RatchetStep? Step) BuildCommit(List<SourcedProposal> list, ProposalSet set, MlsCommitOptions options, MlsGroup? resumedFrom = null)
    {
        var applied = AppliedProposals.Apply(_current.Tree, _current.Context.Extensions, set);
        var context = _current.Context with { Epoch = checked(Epoch + 1), Extensions = applied.Extensions, TreeHash = [] };
        var pskSecret = PskSecret(_suite, set.Psks, _options, this, resumedFrom);
        OwnPath? path = null;
        byte[]? joiner = null;
        try
        {
            if (set.RequiresPath || set.IsEmpty || (options.ForcePath && set.ReInit is null) || options.Leaf is not null)
            {
                path = OwnPath.Create(
                    _suite, applied.Tree, _current.OwnLeaf, context, applied.AddedLeaves, (key, hash) => MakeOwnLeaf(key, LeafNodeSource.Commit, hash, options.Leaf));
                ValidateOwnLeaf(path.Update.LeafNode, context);
            }

            LeafValidation.ValidateMembers(_suite, applied.Tree, set.GroupContextExtensions);
            context = context with { TreeHash = applied.Tree.TreeHash() };
            var commit = new Commit([.. list.Select(p => p.Reference is null ? new ProposalOrRef(p.Proposal, null) : new ProposalOrRef(null, p.Reference))], path?.Update);
            var content = new FramedContent(
                context.GroupId, Epoch, Sender.Member(_current.OwnLeaf), options.AuthenticatedData.ToArray(), ContentType.Commit, null, null, commit);
            var signed = AuthenticatedContent.Sign(OwnSigner(), HandshakeFormat, content, _current.Context);
            context = context with { ConfirmedTranscriptHash = KeySchedule.ConfirmedTranscriptHash(_suite, _current.InterimTranscriptHash, signed) };
            var (secrets, encryptionSecret, joinerSecret) = EpochFactory.Schedule(
                _suite, _current.Secrets.InitSecret, path is null ? new byte[_suite.HashLength] : path.CommitSecret, pskSecret, context);
            joiner = joinerSecret;
            var tag = _suite.Mac(secrets.ConfirmationKey, context.ConfirmedTranscriptHash);
            var next = NextEpoch(context, applied.Tree, path, tag, secrets, encryptionSecret);
            var (message, step) = Frame(signed with { ConfirmationTag = tag });
            var welcome = applied.Added.Count == 0 ? null : MakeWelcome(next, joiner, pskSecret, set.Psks, applied.Added, path, options.RatchetTreeInWelcome);
            return (new MlsPendingCommit(message, welcome, next, Roster(set, applied, path?.Update, Sender.Member(_current.OwnLeaf), _current.OwnLeaf), set.ReInit, content.AuthenticatedData), step);
        }
        finally
        {
            path?.Dispose();
            CryptographicOperations.ZeroMemory(pskSecret);
            CryptographicOperations.ZeroMemory(joiner);
        }
    }

    private EpochState NextEpoch(GroupContext context, RatchetTree tree, OwnPath? path, byte[] tag, EpochSecrets secrets, byte[] encryptionSecret)
    {
        var keys = _current.PrivateKeysFor(tree);
        foreach (var (node, key) in path?.PrivateKeys ?? [])
        {
            keys[node] = key;
        }

        return EpochFactory.Finish(_suite, context, tree, _current.OwnLeaf, keys, tag, secrets, encryptionSecret);
    }

    private byte[] MakeWelcome(
        EpochState next, byte[] joinerSecret, byte[] pskSecret, List<PreSharedKeyId> psks, List<(uint Leaf, MlsKeyPackage KeyPackage)> added, OwnPath? path, bool withTree)
    {
        MlsExtension[] extensions = withTree ? [new MlsExtension(MlsExtensionType.RatchetTree, next.Tree.Encode())] : [];
        var signer = _options.SignerFor(next.Tree.Leaf(next.OwnLeaf)!.SignatureKey);
        var groupInfo = GroupInfo.Create(next.Context, extensions, next.ConfirmationTag, next.OwnLeaf, signer);
        return WelcomeFactory.Create(_suite, groupInfo, joinerSecret, pskSecret, psks, added, path);
    }

    private void ValidateOwnLeaf(LeafNode leaf, GroupContext context)
    {
        var before = OwnLeafNode();
        LeafValidation.Validate(_suite, leaf, LeafNodeSource.Commit, context.GroupId, _current.OwnLeaf, context.Extensions);
        ValidateCredential(leaf, before.Credential, before.SignatureKey);
    }

    private static RosterChanges Roster(ProposalSet set, AppliedProposals applied, UpdatePath? path, Sender sender, uint committer)
    {
        var added = applied.Added.ConvertAll(a => new MlsMember(a.Leaf, a.KeyPackage.LeafNode));
        var updated = new List<MlsMember>(applied.Updated);
        if (path is not null)
        {
            (sender.Type == MlsSenderType.NewMemberCommit ? added : updated).Add(new MlsMember(committer, path.LeafNode));
        }

        return new RosterChanges(
            sender.Type, committer, [.. added], [.. applied.Removed], [.. updated],
            [.. set.Psks.Where(p => !p.IsResumption).Select(p => p.PskId)], set.GroupContextExtensions is not null);
    }
}
