using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <content>Sending and receiving messages (RFC 9420, sections 6 and 15).</content>
public sealed partial class MlsGroup
{
    /// <summary>Encrypts an application message for the group (RFC 9420, section 15.1).</summary>
    /// <param name="plaintext">The content.</param>
    /// <param name="authenticatedData">Data that is authenticated but not encrypted.</param>
    /// <returns>An MLSMessage.</returns>
    /// <exception cref="MlsException">
    /// <see cref="MlsErrorCode.GroupInactive"/>; <see cref="MlsErrorCode.ProposalsPending"/>: commit the waiting proposals first (section 12.4).
    /// </exception>
    public byte[] Encrypt(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> authenticatedData = default)
    {
        EnsureActive();
        if (_proposals.Count > 0)
        {
            throw new MlsException(MlsErrorCode.ProposalsPending, "Proposals wait for a commit; commit them before sending.");
        }

        var content = new FramedContent(
            _current.Context.GroupId, Epoch, Sender.Member(_current.OwnLeaf), authenticatedData.ToArray(), ContentType.Application, plaintext.ToArray(), null, null);
        var authenticated = AuthenticatedContent.Sign(OwnSigner(), MlsWireFormat.PrivateMessage, content, _current.Context);
        var (message, step) = Protect(authenticated);
        var changes = new StateChanges();
        changes.Add(Epoch, step);
        Save(changes);
        Use(_current.SecretTree, step);
        return message;
    }

    /// <summary>Processes a message of the group. The state changes only if all of it verifies.</summary>
    /// <param name="message">An MLSMessage: PublicMessage or PrivateMessage.</param>
    /// <returns>What it brought.</returns>
    /// <exception cref="MlsException">It was refused; the group is as before.</exception>
    public MlsReceived Process(ReadOnlySpan<byte> message)
    {
        ThrowIfDisposed();
        EnsureLength(message, _options);
        if (PendingCommit?.IsMessage(message) == true)
        {
            return MergePendingCommit();
        }

        var decoded = MlsMessage.Decode(message);
        return decoded switch
        {
            { PublicMessage: { } publicMessage } => Process(publicMessage),
            { PrivateMessage: { } privateMessage } => Process(privateMessage),
            _ => throw new MlsException(MlsErrorCode.WrongWireFormat, "The message is neither a PublicMessage nor a PrivateMessage."),
        };
    }

    private MlsReceived Process(PublicMessage message)
    {
        EnsureActive();
        var content = message.Content;
        EnsureGroup(content.GroupId);
        EnsureCurrentEpoch(content.Epoch);
        if (content.ContentType == ContentType.Application)
        {
            throw new MlsException(MlsErrorCode.WrongWireFormat, "An application message came unencrypted.");
        }

        var authenticated = message.ToAuthenticatedContent();
        if (content.Sender.Type == MlsSenderType.Member)
        {
            var tag = authenticated.MembershipTag(_suite, _current.Secrets.MembershipKey, _current.Context);
            if (!CryptographicOperations.FixedTimeEquals(tag, message.MembershipTag))
            {
                throw new MlsException(MlsErrorCode.InvalidMembershipTag, "The membership tag does not verify.");
            }
        }

        VerifySignature(authenticated, SignatureKeyOf(content));
        return content.ContentType == ContentType.Proposal ? ProcessProposal(authenticated, null) : ProcessCommit(authenticated, null);
    }

    private MlsReceived Process(PrivateMessage message)
    {
        EnsureGroup(message.GroupId);
        var (secretTree, senderDataSecret, past) = KeysOf(message);
        var senderData = SenderData.Decrypt(_suite, senderDataSecret, message);
        if (senderData.Leaf == _current.OwnLeaf && past is null)
        {
            throw new MlsException(MlsErrorCode.OwnMessage, "The message is this client's own.");
        }

        var signatureKey = SignatureKeyOf(senderData.Leaf, past);
        var kind = message.ContentType == ContentType.Application ? RatchetKind.Application : RatchetKind.Handshake;
        var step = secretTree.Take(senderData.Leaf, kind, senderData.Generation, _options.MaxForwardGenerations, _options.MaxSkippedKeys);
        try
        {
            var authenticated = PrivateMessageProtection.Unprotect(_suite, message, senderData, step.Key);
            if (!authenticated.Verify(_suite, signatureKey, past?.Context ?? _current.Context))
            {
                throw new MlsException(MlsErrorCode.InvalidSignature, "The signature of a message does not verify.");
            }

            return message.ContentType switch
            {
                ContentType.Application => ReceiveApplication(authenticated, secretTree, step, past),
                ContentType.Proposal => ProcessProposal(authenticated, step),
                _ => ProcessCommit(authenticated, step),
            };
        }
        catch
        {
            secretTree.Discard(step);
            throw;
        }
    }

    private MlsApplicationMessage ReceiveApplication(AuthenticatedContent authenticated, SecretTree secretTree, RatchetStep step, PastEpoch? past)
    {
        var content = authenticated.Content;
        var leaf = content.Sender.Index;
        var sender = past is null ? new MlsMember(leaf, _current.Tree.Leaf(leaf)!) : past.Roster[leaf];
        var changes = new StateChanges();
        changes.Add(content.Epoch, step);
        Save(changes);
        Use(secretTree, step);
        return new MlsApplicationMessage(sender, content.Epoch, content.ApplicationData!, content.AuthenticatedData);
    }

    private (SecretTree Tree, byte[] SenderDataSecret, PastEpoch? Past) KeysOf(PrivateMessage message)
    {
        if (message.Epoch == Epoch && Status != MlsGroupStatus.Removed)
        {
            if (message.ContentType != ContentType.Application)
            {
                EnsureActive();
            }

            return (_current.SecretTree, _current.Secrets.SenderDataSecret, null);
        }

        if (message.Epoch > Epoch || message.ContentType != ContentType.Application)
        {
            throw new MlsException(MlsErrorCode.WrongEpoch, "The message is of another epoch.");
        }

        var past = _past.Find(p => p.Epoch == message.Epoch) ?? throw new MlsException(MlsErrorCode.EpochTooOld, "The epoch of the message is not kept any more.");
        return (past.SecretTree, past.SenderDataSecret, past);
    }

    private byte[] SignatureKeyOf(uint leaf, PastEpoch? past)
    {
        if (past is null)
        {
            return _current.Tree.Leaf(leaf)?.SignatureKey ?? throw UnknownSender();
        }

        return past.Roster.TryGetValue(leaf, out var member) ? member.SignatureKey.ToArray() : throw UnknownSender();
    }

    private byte[] SignatureKeyOf(FramedContent content)
    {
        var isCommit = content.ContentType == ContentType.Commit;
        switch (content.Sender.Type)
        {
            case MlsSenderType.Member:
                if (content.Sender.Index == _current.OwnLeaf && isCommit)
                {
                    throw new MlsException(MlsErrorCode.OwnMessage, "The commit is this client's own and is not pending.");
                }

                return SignatureKeyOf(content.Sender.Index, null);
            case MlsSenderType.External when !isCommit:
                return ExternalSenderKey(content);
            case MlsSenderType.NewMemberProposal when content.Proposal is AddProposal add:
                return add.KeyPackage.LeafNode.SignatureKey;
            case MlsSenderType.NewMemberCommit when isCommit:
                return content.Commit!.Path?.LeafNode.SignatureKey ?? throw new MlsException(MlsErrorCode.MissingPath, "An external commit has no path.");
            default:
                throw new MlsException(MlsErrorCode.WrongSenderType, "This type of sender may not send this.");
        }
    }

    /// <summary>An external sender and what it may propose (section 12.1.8).</summary>
    private byte[] ExternalSenderKey(FramedContent content)
    {
        if (content.Proposal is not (AddProposal or RemoveProposal or PreSharedKeyProposal or ReInitProposal or GroupContextExtensionsProposal))
        {
            throw new MlsException(MlsErrorCode.WrongSenderType, "An external sender may not propose this.");
        }

        var extension = MlsExtension.Find(_current.Context.Extensions, MlsExtensionType.ExternalSenders) ?? throw UnknownSender();
        var senders = MlsCodec.DecodeList<MlsExternalSender>(extension.Data.Span);
        return content.Sender.Index < (uint)senders.Length ? senders[content.Sender.Index].SignatureKey.ToArray() : throw UnknownSender();
    }

    private void VerifySignature(AuthenticatedContent authenticated, byte[] signatureKey)
    {
        if (!authenticated.Verify(_suite, signatureKey, _current.Context))
        {
            throw new MlsException(MlsErrorCode.InvalidSignature, "The signature of a message does not verify.");
        }
    }

    private void EnsureGroup(byte[] groupId)
    {
        if (!groupId.AsSpan().SequenceEqual(_current.Context.GroupId))
        {
            throw new MlsException(MlsErrorCode.WrongGroup, "The message is of another group.");
        }
    }

    private void EnsureCurrentEpoch(ulong epoch)
    {
        if (epoch != Epoch)
        {
            throw new MlsException(MlsErrorCode.WrongEpoch, "The message is of another epoch.");
        }
    }

    private static void Use(SecretTree tree, RatchetStep step)
    {
        tree.Apply(step);
        step.Key.Dispose();
    }

    /// <summary>Encrypts own content; the step is to be saved and used by the caller.</summary>
    private (byte[] Message, RatchetStep Step) Protect(AuthenticatedContent authenticated)
    {
        var kind = authenticated.Content.ContentType == ContentType.Application ? RatchetKind.Application : RatchetKind.Handshake;
        var generation = _current.SecretTree.NextGeneration(_current.OwnLeaf, kind);
        var step = _current.SecretTree.Take(_current.OwnLeaf, kind, generation, 0, _options.MaxSkippedKeys);
        var message = PrivateMessageProtection.Protect(
            _suite, authenticated, _current.OwnLeaf, generation, step.Key, _current.Secrets.SenderDataSecret, _options.PaddingBlock);
        return (MlsMessage.Of(message).Encode(), step);
    }

    /// <summary>Frames own handshake content as the options say; a PrivateMessage comes with a step to be saved and used.</summary>
    private (byte[] Message, RatchetStep? Step) Frame(AuthenticatedContent authenticated)
    {
        if (authenticated.WireFormat == MlsWireFormat.PrivateMessage)
        {
            return Protect(authenticated);
        }

        var tag = authenticated.MembershipTag(_suite, _current.Secrets.MembershipKey, _current.Context);
        return (MlsMessage.Of(new PublicMessage(authenticated.Content, authenticated.Signature, authenticated.ConfirmationTag, tag)).Encode(), null);
    }

    private static MlsException UnknownSender() => new(MlsErrorCode.UnknownSender, "The sender is not known to the group.");
}
