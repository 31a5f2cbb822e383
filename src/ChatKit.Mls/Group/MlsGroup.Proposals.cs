namespace ChatKit.Mls;

/// <content>Proposals (RFC 9420, section 12.1).</content>
public sealed partial class MlsGroup
{
    private MlsWireFormat HandshakeFormat => _options.PublicHandshake ? MlsWireFormat.PublicMessage : MlsWireFormat.PrivateMessage;

    /// <summary>Sends a proposal for someone to commit (RFC 9420, section 12.1).</summary>
    /// <param name="proposal">The proposal.</param>
    /// <param name="authenticatedData">Data that is authenticated but not encrypted.</param>
    /// <returns>An MLSMessage for all members.</returns>
    /// <exception cref="MlsException">The proposal is not valid, or <see cref="MlsErrorCode.GroupInactive"/>.</exception>
    public byte[] Propose(MlsProposal proposal, ReadOnlySpan<byte> authenticatedData = default)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        EnsureActive();
        return Propose(WithNonce(proposal.Content), null, authenticatedData);
    }

    /// <summary>Proposes to renew the keys of this client (RFC 9420, section 12.1.2); another member must commit it.</summary>
    /// <param name="leaf">What else to change of the own leaf.</param>
    /// <param name="authenticatedData">Data that is authenticated but not encrypted.</param>
    /// <returns>An MLSMessage for all members.</returns>
    /// <exception cref="MlsException">The leaf is not valid, or <see cref="MlsErrorCode.GroupInactive"/>.</exception>
    public byte[] ProposeUpdate(MlsLeafOptions? leaf = null, ReadOnlySpan<byte> authenticatedData = default)
    {
        EnsureActive();
        var pair = _suite.GenerateKeyPair();
        var node = MakeOwnLeaf(pair.PublicKey, LeafNodeSource.Update, [], leaf);
        return Propose(new UpdateProposal(node), pair.PrivateKey, authenticatedData);
    }

    /// <summary>Discards the proposals that wait. Do so only if the members agree on it, or before a commit without them.</summary>
    public void ClearProposals()
    {
        ThrowIfDisposed();
        var changes = new StateChanges();
        DeleteProposals(changes);
        Save(changes);
        ClearProposalCache(null);
    }

    private byte[] Propose(Proposal proposal, byte[]? privateKey, ReadOnlySpan<byte> authenticatedData)
    {
        var sender = Sender.Member(_current.OwnLeaf);
        ValidateProposal(new SourcedProposal(proposal, sender, []));
        EnsureRoomForProposal();
        var content = new FramedContent(_current.Context.GroupId, Epoch, sender, authenticatedData.ToArray(), ContentType.Proposal, null, proposal, null);
        var authenticated = AuthenticatedContent.Sign(OwnSigner(), HandshakeFormat, content, _current.Context);
        var (message, step) = Frame(authenticated);
        Keep(authenticated, privateKey, step);
        return message;
    }

    private MlsProposalReceived ProcessProposal(AuthenticatedContent authenticated, RatchetStep? step)
    {
        var content = authenticated.Content;
        var reference = authenticated.ProposalReference(_suite);
        var sourced = new SourcedProposal(content.Proposal!, content.Sender, reference);
        if (!_proposals.ContainsKey(reference))
        {
            ValidateProposal(sourced);
            EnsureAllowed(sourced);
            EnsureRoomForProposal();
            Keep(authenticated, null, step);
        }
        else if (step is not null)
        {
            throw new MlsException(MlsErrorCode.InvalidProposal, "The proposal was received before.");
        }

        return new MlsProposalReceived(sourced.ToPublic(), content.AuthenticatedData);
    }

    private void Keep(AuthenticatedContent authenticated, byte[]? privateKey, RatchetStep? step)
    {
        var reference = authenticated.ProposalReference(_suite);
        var cached = new CachedProposal(reference, _nextProposalOrder, new SourcedProposal(authenticated.Content.Proposal!, authenticated.Content.Sender, reference), privateKey);
        var changes = new StateChanges();
        if (step is not null)
        {
            changes.Add(Epoch, step);
        }

        changes.Put(StateKeys.Proposal(reference), cached.Encode());
        Save(changes);
        if (step is not null)
        {
            Use(_current.SecretTree, step);
        }

        _proposals[reference] = cached;
        _nextProposalOrder++;
    }

    private void EnsureRoomForProposal()
    {
        if (_proposals.Count >= _options.MaxProposals)
        {
            throw new MlsException(MlsErrorCode.LimitExceeded, "Too many proposals wait for a commit.");
        }
    }

    private void EnsureAllowed(SourcedProposal proposal)
    {
        var own = proposal.Sender == Sender.Member(_current.OwnLeaf);
        if (!own && _options.Policy?.IsAllowed(this, proposal.ToPublic()) == false)
        {
            throw new MlsException(MlsErrorCode.ProposalRefused, "The application's policy refused a proposal.");
        }
    }

    /// <summary>A proposal by itself, against the group as it is (section 12.1). The members together are checked with the commit.</summary>
    private void ValidateProposal(SourcedProposal sourced)
    {
        switch (sourced.Proposal)
        {
            case AddProposal add:
                ValidateKeyPackage(add.KeyPackage, _current.Context.Extensions);
                break;
            case UpdateProposal update:
                ValidateUpdate(sourced.Sender, update.LeafNode);
                break;
            case RemoveProposal remove:
                if (_current.Tree.Leaf(remove.Removed) is null)
                {
                    throw new MlsException(MlsErrorCode.InvalidProposal, "A Remove is for a leaf that is blank.");
                }

                break;
            case PreSharedKeyProposal psk:
                ValidatePsk(psk.Psk);
                break;
            case ReInitProposal reInit:
                if (reInit.Version < _current.Context.Version)
                {
                    throw new MlsException(MlsErrorCode.InvalidProposal, "A ReInit is for an older protocol version.");
                }

                break;
            case GroupContextExtensionsProposal extensions:
                LeafValidation.ValidateGroupExtensions(extensions.Extensions);
                break;
            case ExternalInitProposal:
                throw new MlsException(MlsErrorCode.InvalidProposal, "An ExternalInit stands outside an external commit.");
        }
    }

    private void ValidateKeyPackage(MlsKeyPackage keyPackage, IReadOnlyList<MlsExtension> extensions)
    {
        keyPackage.Validate(_suite);
        LeafValidation.Validate(_suite, keyPackage.LeafNode, LeafNodeSource.KeyPackage, default, 0, extensions);
        LeafValidation.EnsureLifetime(keyPackage.LeafNode, _options.TimeProvider.GetUtcNow());
        ValidateCredential(_options, keyPackage.LeafNode, null);
    }

    private void ValidateUpdate(Sender sender, LeafNode leaf)
    {
        if (sender.Type != MlsSenderType.Member || !_current.Tree.TryGetLeaf(sender.Index, out var before))
        {
            throw new MlsException(MlsErrorCode.WrongSenderType, "An Update does not come from a member.");
        }

        LeafValidation.Validate(_suite, leaf, LeafNodeSource.Update, _current.Context.GroupId, sender.Index, _current.Context.Extensions);
        EnsureNewEncryptionKey(before, leaf);
        ValidateCredential(leaf, before.Credential, before.SignatureKey);
    }

    private static void EnsureNewEncryptionKey(LeafNode before, LeafNode leaf)
    {
        if (leaf.EncryptionKey.AsSpan().SequenceEqual(before.EncryptionKey))
        {
            throw new MlsException(MlsErrorCode.InvalidLeafNode, "A renewed leaf keeps its encryption key.");
        }
    }

    private void ValidatePsk(PreSharedKeyId psk)
    {
        if (psk.Nonce.Length != _suite.HashLength || (psk.IsResumption && psk.Usage != ResumptionPskUsage.Application))
        {
            throw new MlsException(MlsErrorCode.InvalidProposal, "A PSK proposal has a wrong nonce or usage.");
        }
    }

    /// <summary>A new leaf for this client, signed for this group (section 7.3).</summary>
    private LeafNode MakeOwnLeaf(byte[] encryptionKey, LeafNodeSource source, byte[] parentHash, MlsLeafOptions? leaf)
    {
        var own = OwnLeafNode();
        var signer = leaf?.Signer is { } next ? _options.SignerFor(next.PublicKey.Span) : OwnSigner();
        return LeafNode.Create(
            signer, encryptionKey, leaf?.Credential ?? own.Credential, leaf?.Capabilities ?? own.Capabilities, source, default, parentHash,
            leaf?.Extensions is { } extensions ? [.. extensions] : own.Extensions, _current.Context.GroupId, _current.OwnLeaf);
    }
}
