using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <content>External commits (RFC 9420, section 12.4.3.2).</content>
public sealed partial class MlsGroup
{
    /// <summary>Prepares to join a group by an external commit, without an invitation.</summary>
    /// <param name="groupInfo">A GroupInfo of the current epoch with external_pub, an MLSMessage.</param>
    /// <param name="credential">The client's credential.</param>
    /// <param name="options">What the client brings.</param>
    /// <param name="store">Where the group keeps its state once the commit is completed.</param>
    /// <param name="join">The ratchet tree and more.</param>
    /// <returns>The commit to send.</returns>
    /// <exception cref="MlsException">The GroupInfo does not verify or the client does not fit the group.</exception>
    public static MlsExternalCommit PrepareExternalCommit(
        ReadOnlySpan<byte> groupInfo, MlsCredential credential, MlsGroupOptions options, MlsGroupStore store, MlsExternalJoinOptions? join = null)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        join ??= new MlsExternalJoinOptions();
        EnsureLength(groupInfo, options);
        EnsureLength(join.RatchetTree.Span, options);
        var info = MlsMessage.Decode(groupInfo).GroupInfo ?? throw new MlsException(MlsErrorCode.WrongWireFormat, "The message is not a GroupInfo.");
        var suite = options.Suite(info.Context.CipherSuite);
        var tree = ValidateGroupInfo(suite, info, options, new MlsJoinOptions { RatchetTree = join.RatchetTree });
        var initSecret = EpochFactory.ExternalInitSecret(suite, ExternalPub(info), out var kemOutput);
        var proposals = ExternalProposals(suite, kemOutput, join);
        var set = ProposalSet.ForExternal([.. proposals.Select(p => new SourcedProposal(p, new Sender(MlsSenderType.NewMemberCommit, 0), null))]);
        var applied = AppliedProposals.Apply(tree, info.Context.Extensions, set);
        var pskSecret = PskSecret(suite, set.Psks, options, null, null);
        try
        {
            var (message, state) = BuildExternalCommit(suite, info, applied, proposals, credential, options, join, initSecret, pskSecret);
            return new MlsExternalCommit(message, state, () => Start(options, store, state));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(initSecret);
            CryptographicOperations.ZeroMemory(pskSecret);
        }
    }

    private static List<Proposal> ExternalProposals(MlsCipherSuite suite, byte[] kemOutput, MlsExternalJoinOptions join)
    {
        var proposals = new List<Proposal> { new ExternalInitProposal(kemOutput) };
        if (join.ReplacedLeafIndex is { } replaced)
        {
            proposals.Add(new RemoveProposal(checked((uint)replaced)));
        }

        foreach (var id in join.ExternalPskIds)
        {
            proposals.Add(new PreSharedKeyProposal(PreSharedKeyId.External(id.ToArray(), RandomNumberGenerator.GetBytes(suite.HashLength))));
        }

        return proposals;
    }

    private static (byte[] Message, EpochState State) BuildExternalCommit(
        MlsCipherSuite suite, GroupInfo info, AppliedProposals applied, List<Proposal> proposals, MlsCredential credential,
        MlsGroupOptions options, MlsExternalJoinOptions join, byte[] initSecret, byte[] pskSecret)
    {
        var old = info.Context;
        var leafOptions = join.Leaf ?? new MlsKeyPackageOptions { TimeProvider = options.TimeProvider };
        LeafNode MakeLeaf(byte[] key, byte[] parentHash, uint index) => LeafNode.Create(
            options.Signer, key, credential, leafOptions.CapabilitiesFor(suite), LeafNodeSource.Commit, default, parentHash, [.. leafOptions.LeafExtensions], old.GroupId, index);
        var ownLeaf = applied.Tree.Add(MakeLeaf(new byte[suite.Kem.PublicKeyLength], [], 0));
        using var path = OwnPath.Create(
            suite, applied.Tree, ownLeaf, old with { Epoch = checked(old.Epoch + 1) }, applied.AddedLeaves, (key, hash) => MakeLeaf(key, hash, ownLeaf));
        LeafValidation.Validate(suite, path.Update.LeafNode, LeafNodeSource.Commit, old.GroupId, ownLeaf, old.Extensions);
        ValidateCredential(options, path.Update.LeafNode, null);
        LeafValidation.ValidateMembers(suite, applied.Tree, null);
        var commit = new Commit([.. proposals.Select(p => new ProposalOrRef(p, null))], path.Update);
        var content = new FramedContent(
            old.GroupId, old.Epoch, new Sender(MlsSenderType.NewMemberCommit, 0), join.AuthenticatedData.ToArray(), ContentType.Commit, null, null, commit);
        var signed = AuthenticatedContent.Sign(options.Signer, MlsWireFormat.PublicMessage, content, old);
        var interim = KeySchedule.InterimTranscriptHash(suite, old.ConfirmedTranscriptHash, info.ConfirmationTag);
        var context = path.Context with { ConfirmedTranscriptHash = KeySchedule.ConfirmedTranscriptHash(suite, interim, signed) };
        var (secrets, encryptionSecret, joiner) = EpochFactory.Schedule(suite, initSecret, path.CommitSecret, pskSecret, context);
        CryptographicOperations.ZeroMemory(joiner);
        var tag = suite.Mac(secrets.ConfirmationKey, context.ConfirmedTranscriptHash);
        var state = EpochFactory.Finish(suite, context, applied.Tree, ownLeaf, path.PrivateKeys, tag, secrets, encryptionSecret);
        return (MlsMessage.Of(new PublicMessage(content, signed.Signature, tag, null)).Encode(), state);
    }

    private static byte[] ExternalPub(GroupInfo info)
    {
        var extension = MlsExtension.Find(info.Extensions, MlsExtensionType.ExternalPub)
            ?? throw new MlsException(MlsErrorCode.InvalidGroupInfo, "The GroupInfo has no external_pub.");
        var reader = new MlsReader(extension.Data.Span);
        var key = reader.ReadOpaque();
        reader.EnsureEnd();
        return key;
    }
}
