using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <content>Commits of others (RFC 9420, section 12.4.2).</content>
public sealed partial class MlsGroup
{
    private MlsCommitMerged ProcessCommit(AuthenticatedContent authenticated, RatchetStep? step)
    {
        var content = authenticated.Content;
        var commit = content.Commit!;
        var external = content.Sender.Type == MlsSenderType.NewMemberCommit;
        var list = Resolve(commit, content.Sender);
        var set = external ? ProposalSet.ForExternal(list) : ProposalSet.ForMember(list, content.Sender.Index);
        foreach (var item in list)
        {
            if (!external)
            {
                ValidateProposal(item);
            }

            EnsureAllowed(item);
        }

        if (commit.Path is null && (set.RequiresPath || set.IsEmpty))
        {
            throw new MlsException(MlsErrorCode.MissingPath, "A commit lacks the path that its proposals need.");
        }

        set.Psks.ForEach(ValidatePsk);
        var applied = AppliedProposals.Apply(_current.Tree, _current.Context.Extensions, set);
        var committer = external ? AddExternalCommitter(applied, commit.Path!.LeafNode) : content.Sender.Index;
        if (set.Removes.Contains(_current.OwnLeaf))
        {
            return LeaveBy(set, applied, commit, content, committer, step);
        }

        var next = ComputeNext(authenticated, set, applied, committer);
        var dropped = PendingCommit is not null;
        try
        {
            MoveTo(next, set.ReInit, step);
        }
        catch
        {
            next.ZeroKeysExcept(_current);
            next.SecretTree.Dispose();
            throw;
        }

        return new MlsCommitMerged(
            Roster(set, applied, commit.Path, content.Sender, committer), Epoch, isOwn: false, removedSelf: false, dropped, ReInit, content.AuthenticatedData);
    }

    private List<SourcedProposal> Resolve(Commit commit, Sender committer)
    {
        var list = new List<SourcedProposal>(commit.Proposals.Length);
        var seen = new HashSet<byte[]>(ByteArrayComparer.Instance);
        foreach (var item in commit.Proposals)
        {
            if (item.Proposal is not null)
            {
                list.Add(new SourcedProposal(item.Proposal, committer, null));
            }
            else if (!_proposals.TryGetValue(item.Reference!, out var cached))
            {
                throw new MlsException(MlsErrorCode.UnknownProposal, "A commit refers to a proposal that was not received.");
            }
            else if (!seen.Add(item.Reference!))
            {
                throw new MlsException(MlsErrorCode.InvalidCommit, "A commit refers to a proposal twice.");
            }
            else
            {
                list.Add(cached.Sourced);
            }
        }

        return list;
    }

    /// <summary>An external committer takes the leftmost blank leaf; a member that it removes must be itself (section 12.4.3.2).</summary>
    private uint AddExternalCommitter(AppliedProposals applied, LeafNode leaf)
    {
        foreach (var removed in applied.Removed)
        {
            if (!_options.CredentialValidator.IsSuccessor(removed.Credential, leaf.Credential))
            {
                throw new MlsException(MlsErrorCode.InvalidCommit, "An external commit removes another client than its own.");
            }
        }

        return applied.Tree.Add(leaf);
    }

    private EpochState ComputeNext(AuthenticatedContent authenticated, ProposalSet set, AppliedProposals applied, uint committer)
    {
        var commit = authenticated.Content.Commit!;
        var context = _current.Context with { Epoch = checked(Epoch + 1), Extensions = applied.Extensions, TreeHash = [] };
        var keys = KeysAfter(set, applied);
        var pskSecret = PskSecret(set.Psks);
        byte[] commitSecret = new byte[_suite.HashLength];
        byte[]? initSecret = null;
        byte[]? joiner = null;
        try
        {
            if (commit.Path is { } path)
            {
                commitSecret = ApplyPath(path, set, applied, committer, context, keys);
            }

            LeafValidation.ValidateMembers(_suite, applied.Tree, set.GroupContextExtensions);
            context = context with
            {
                TreeHash = applied.Tree.TreeHash(),
                ConfirmedTranscriptHash = KeySchedule.ConfirmedTranscriptHash(_suite, _current.InterimTranscriptHash, authenticated),
            };
            initSecret = set.ExternalInit is null ? null : EpochFactory.ExternalInitSecret(_suite, _current.Secrets, set.ExternalInit.KemOutput);
            var (secrets, encryptionSecret, joinerSecret) = EpochFactory.Schedule(_suite, initSecret ?? _current.Secrets.InitSecret, commitSecret, pskSecret, context);
            joiner = joinerSecret;
            EnsureConfirmationTag(_suite, secrets, context.ConfirmedTranscriptHash, authenticated.ConfirmationTag);
            return EpochFactory.Finish(_suite, context, applied.Tree, _current.OwnLeaf, keys, authenticated.ConfirmationTag!, secrets, encryptionSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(commitSecret);
            CryptographicOperations.ZeroMemory(initSecret);
            CryptographicOperations.ZeroMemory(joiner);
            CryptographicOperations.ZeroMemory(pskSecret);
        }
    }

    /// <summary>The private keys that stay valid, with the one of an own Update.</summary>
    private Dictionary<int, byte[]> KeysAfter(ProposalSet set, AppliedProposals applied)
    {
        var keys = _current.PrivateKeysFor(applied.Tree);
        if (set.Updates.TryGetValue(_current.OwnLeaf, out var leaf))
        {
            var cached = _proposals.Values.First(p => p.Sourced.Proposal is UpdateProposal update && ReferenceEquals(update.LeafNode, leaf));
            keys[TreeMath.LeafToNode(_current.OwnLeaf)] = cached.PrivateKey ?? throw new MlsException(MlsErrorCode.InvalidCommit, "The key of an own Update is not at hand.");
        }

        return keys;
    }

    /// <summary>Checks the path, puts it into the tree, and returns the commit secret; the new private keys go into the dictionary.</summary>
    private byte[] ApplyPath(UpdatePath path, ProposalSet set, AppliedProposals applied, uint committer, GroupContext context, Dictionary<int, byte[]> keys)
    {
        var tree = applied.Tree;
        var steps = CheckPath(path, set, applied, committer, context.GroupId);
        foreach (var node in TreeMath.DirectPath(committer, tree.LeafCount))
        {
            keys.Remove(node);
        }

        var (start, pairs, commitSecret) = TreeKem.DecryptPath(
            _suite, tree, steps, path, _current.OwnLeaf, keys, applied.AddedLeaves, context with { TreeHash = tree.TreeHash() });
        for (var i = 0; i < pairs.Count; i++)
        {
            keys[steps[start + i].Node] = pairs[i].PrivateKey;
        }

        return commitSecret;
    }

    /// <summary>Checks the leaf, the shape and the parent hash of a path and puts its public keys into the tree.</summary>
    private List<PathStep> CheckPath(UpdatePath path, ProposalSet set, AppliedProposals applied, uint committer, byte[] groupId)
    {
        var tree = applied.Tree;
        LeafValidation.Validate(_suite, path.LeafNode, LeafNodeSource.Commit, groupId, committer, applied.Extensions);
        if (set.ExternalInit is null)
        {
            var before = _current.Tree.Leaf(committer)!;
            EnsureNewEncryptionKey(before, path.LeafNode);
            ValidateCredential(path.LeafNode, before.Credential, before.SignatureKey);
        }
        else
        {
            ValidateCredential(_options, path.LeafNode, null);
        }

        var steps = tree.FilteredDirectPath(committer);
        TreeKem.EnsureShape(_suite, tree, steps, path, applied.AddedLeaves);
        var parentHash = tree.MergePath(committer, steps, Array.ConvertAll(path.Nodes, n => n.EncryptionKey));
        if (!parentHash.AsSpan().SequenceEqual(path.LeafNode.ParentHash))
        {
            throw new MlsException(MlsErrorCode.InvalidParentHash, "The parent hash of a commit's leaf does not verify.");
        }

        tree.SetLeaf(committer, path.LeafNode);
        return steps;
    }

    /// <summary>A commit removed this client: it cannot compute the next epoch and forgets the keys of this one.</summary>
    private MlsCommitMerged LeaveBy(ProposalSet set, AppliedProposals applied, Commit commit, FramedContent content, uint committer, RatchetStep? step)
    {
        // The path is there (a Remove needs one); all of it but the secrets can be checked.
        CheckPath(commit.Path!, set, applied, committer, content.GroupId);
        LeafValidation.ValidateMembers(_suite, applied.Tree, set.GroupContextExtensions);
        var past = PastEpoch.From(_current);
        var changes = new StateChanges();
        if (step is not null)
        {
            changes.Add(Epoch, step);
        }

        var blind = _current.WithoutSecrets();
        changes.Put(StateKeys.Past(Epoch), past.Encode());
        changes.Put(StateKeys.Group, EncodeGroup(_suite, MlsGroupStatus.Removed, null));
        changes.Put(StateKeys.Epoch, blind.Encode());
        foreach (var node in _current.PrivateKeys.Keys)
        {
            changes.Delete(StateKeys.Key(node));
        }

        DeleteProposals(changes);
        changes.Delete(StateKeys.Pending);
        Save(changes);

        if (step is not null)
        {
            Use(_current.SecretTree, step);
        }

        var last = _current;
        var dropped = PendingCommit is not null;
        PendingCommit?.Zero(last);
        PendingCommit = null;
        ClearProposalCache(null);
        _past.Add(past);
        _current = blind;
        Status = MlsGroupStatus.Removed;
        last.ZeroKeysExcept(null);
        return new MlsCommitMerged(
            Roster(set, applied, commit.Path, content.Sender, committer), Epoch + 1, isOwn: false, removedSelf: true, dropped, null, content.AuthenticatedData);
    }
}
