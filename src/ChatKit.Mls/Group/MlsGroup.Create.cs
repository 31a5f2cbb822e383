using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <content>Making and joining groups.</content>
public sealed partial class MlsGroup
{
    /// <summary>Makes a group with this client as its one member (RFC 9420, section 11). Add others by a commit.</summary>
    /// <param name="groupId">An identifier that the delivery service knows no other group by.</param>
    /// <param name="suite">The cipher suite.</param>
    /// <param name="credential">The client's credential.</param>
    /// <param name="options">What the client brings.</param>
    /// <param name="store">Where the group keeps its state.</param>
    /// <param name="extensions">The extensions of the group.</param>
    /// <param name="leaf">Capabilities and extensions of the client's leaf; null: the defaults of a key package.</param>
    /// <returns>The group.</returns>
    /// <exception cref="MlsException">The client does not support what the extensions require, or its own validator refuses its credential.</exception>
    public static MlsGroup Create(
        ReadOnlySpan<byte> groupId, MlsCipherSuite suite, MlsCredential credential, MlsGroupOptions options, MlsGroupStore store,
        IEnumerable<MlsExtension>? extensions = null, MlsKeyPackageOptions? leaf = null)
    {
        ArgumentNullException.ThrowIfNull(suite);
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        suite = options.Suite(suite.Id);
        leaf ??= new MlsKeyPackageOptions { TimeProvider = options.TimeProvider };
        MlsExtension[] list = [.. extensions ?? []];
        LeafValidation.ValidateGroupExtensions(list);
        var pair = suite.GenerateKeyPair();
        var node = LeafNode.Create(
            options.Signer, pair.PublicKey, credential, leaf.CapabilitiesFor(suite), LeafNodeSource.KeyPackage, leaf.LifetimeOrDefault(), [], [.. leaf.LeafExtensions], default, 0);
        LeafValidation.Validate(suite, node, LeafNodeSource.KeyPackage, groupId, 0, list);
        ValidateCredential(options, node, null);
        return Start(options, store, EpochFactory.First(suite, groupId.ToArray(), node, pair.PrivateKey, list));
    }

    /// <summary>Joins a group by a Welcome (RFC 9420, section 12.4.3.1).</summary>
    /// <param name="welcome">The Welcome, an MLSMessage.</param>
    /// <param name="bundle">The key package that it is for. Dispose and delete it afterwards, unless it is of last resort.</param>
    /// <param name="options">What the client brings.</param>
    /// <param name="store">Where the group keeps its state.</param>
    /// <param name="join">The ratchet tree and more.</param>
    /// <returns>The group.</returns>
    /// <exception cref="MlsException">Something about the Welcome does not verify; nothing was stored.</exception>
    public static MlsGroup Join(ReadOnlySpan<byte> welcome, MlsKeyPackageBundle bundle, MlsGroupOptions options, MlsGroupStore store, MlsJoinOptions? join = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        join ??= new MlsJoinOptions();
        EnsureLength(welcome, options);
        EnsureLength(join.RatchetTree.Span, options);
        var message = MlsMessage.Decode(welcome).Welcome ?? throw new MlsException(MlsErrorCode.WrongWireFormat, "The message is not a Welcome.");
        var suite = options.Suite(message.CipherSuite);
        var secrets = WelcomeFactory.OpenSecrets(suite, message, bundle);
        var pskSecret = Array.Empty<byte>();
        try
        {
            pskSecret = WelcomePskSecret(suite, secrets, options, join.ResumedFrom);
            var groupInfo = WelcomeFactory.OpenGroupInfo(suite, message, secrets.JoinerSecret, pskSecret);
            var tree = ValidateGroupInfo(suite, groupInfo, options, join);
            var state = JoinedEpoch(suite, groupInfo, tree, bundle, secrets, pskSecret);
            EnsureResumption(secrets.Psks, state, join.ResumedFrom);
            return Start(options, store, state);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secrets.JoinerSecret);
            CryptographicOperations.ZeroMemory(secrets.PathSecret);
            CryptographicOperations.ZeroMemory(pskSecret);
        }
    }

    private static byte[] WelcomePskSecret(MlsCipherSuite suite, GroupSecrets secrets, MlsGroupOptions options, MlsGroup? resumedFrom)
    {
        var seen = new HashSet<byte[]>(ByteArrayComparer.Instance);
        if (!secrets.Psks.All(p => seen.Add(MlsCodec.Encode(p with { Nonce = [] }))))
        {
            throw new MlsException(MlsErrorCode.InvalidProposal, "A PSK is used twice.");
        }

        return PskSecret(suite, secrets.Psks, options, null, resumedFrom);
    }

    /// <summary>Signature, tree and members of a GroupInfo (section 12.4.3.1); also for external commits.</summary>
    private static RatchetTree ValidateGroupInfo(MlsCipherSuite suite, GroupInfo groupInfo, MlsGroupOptions options, MlsJoinOptions join)
    {
        var context = groupInfo.Context;
        if (context.Version != ProtocolVersion.Mls10)
        {
            throw new MlsException(MlsErrorCode.UnsupportedVersion, "The group is of another protocol version.");
        }

        if (context.CipherSuite != suite.Id)
        {
            throw new MlsException(MlsErrorCode.InvalidGroupInfo, "The group is of another cipher suite.");
        }

        MlsExtension.EnsureUnique(groupInfo.Extensions);
        LeafValidation.ValidateGroupExtensions(context.Extensions);
        var encoded = MlsExtension.Find(groupInfo.Extensions, MlsExtensionType.RatchetTree)?.Data ?? join.RatchetTree;
        if (encoded.IsEmpty)
        {
            throw new MlsException(MlsErrorCode.MissingRatchetTree, "No ratchet tree came with the group.");
        }

        var tree = RatchetTree.Decode(suite, encoded.Span);
        if (!tree.TryGetLeaf(groupInfo.Signer, out var signer))
        {
            throw new MlsException(MlsErrorCode.InvalidGroupInfo, "The signer of a GroupInfo is not a member.");
        }

        if (!groupInfo.Verify(suite, signer.SignatureKey))
        {
            throw new MlsException(MlsErrorCode.InvalidSignature, "The signature of a GroupInfo does not verify.");
        }

        if (!tree.TreeHash().AsSpan().SequenceEqual(context.TreeHash))
        {
            throw new MlsException(MlsErrorCode.InvalidTreeHash, "The tree hash differs from the one of the group.");
        }

        tree.ValidateStructure();
        var now = options.TimeProvider.GetUtcNow();
        foreach (var (index, leaf) in tree.Leaves())
        {
            LeafValidation.ValidateInTree(suite, leaf, context.GroupId, index, context.Extensions);
            if (options.CheckLifetimesOnJoin)
            {
                LeafValidation.EnsureLifetime(leaf, now);
            }

            ValidateCredential(options, leaf, null);
        }

        LeafValidation.ValidateMembers(suite, tree, null);
        return tree;
    }

    private static EpochState JoinedEpoch(
        MlsCipherSuite suite, GroupInfo groupInfo, RatchetTree tree, MlsKeyPackageBundle bundle, GroupSecrets secrets, byte[] pskSecret)
    {
        var encodedLeaf = MlsCodec.Encode(bundle.KeyPackage.LeafNode);
        var own = tree.Leaves().FirstOrDefault(l => l.Leaf.SignatureKey.AsSpan().SequenceEqual(bundle.KeyPackage.LeafNode.SignatureKey));
        if (own.Leaf is null || !MlsCodec.Encode(own.Leaf).AsSpan().SequenceEqual(encodedLeaf))
        {
            throw new MlsException(MlsErrorCode.InvalidTree, "The tree does not hold the leaf of the key package.");
        }

        if (secrets.JoinerSecret.Length != suite.HashLength || own.Index == groupInfo.Signer)
        {
            throw new MlsException(MlsErrorCode.InvalidGroupInfo, "The Welcome does not fit its GroupInfo.");
        }

        var keys = new Dictionary<int, byte[]> { [TreeMath.LeafToNode(own.Index)] = bundle.LeafPrivateKey.ToArray() };
        if (secrets.PathSecret is not null)
        {
            AddPathKeys(suite, tree, groupInfo.Signer, own.Index, secrets.PathSecret, keys);
        }

        using var writer = new MlsWriter();
        groupInfo.Context.Write(writer);
        var schedule = KeySchedule.Epoch(suite, secrets.JoinerSecret, pskSecret, writer.Written, out var encryptionSecret);
        EnsureConfirmationTag(suite, schedule, groupInfo.Context.ConfirmedTranscriptHash, groupInfo.ConfirmationTag);
        return EpochFactory.Finish(suite, groupInfo.Context, tree, own.Index, keys, groupInfo.ConfirmationTag, schedule, encryptionSecret);
    }

    /// <summary>The keys that a path secret in a Welcome gives: from the common ancestor with the committer upwards.</summary>
    private static void AddPathKeys(MlsCipherSuite suite, RatchetTree tree, uint committer, uint own, byte[] pathSecret, Dictionary<int, byte[]> keys)
    {
        if (pathSecret.Length != suite.HashLength)
        {
            throw new MlsException(MlsErrorCode.InvalidGroupInfo, "A path secret has a wrong length.");
        }

        var ownNode = TreeMath.LeafToNode(own);
        var steps = tree.FilteredDirectPath(committer).FindAll(s => TreeMath.IsInSubtree(ownNode, s.Node));
        var (secrets, pairs, commitSecret) = TreeKem.DerivePath(suite, pathSecret, steps.Count);
        secrets.ForEach(s => CryptographicOperations.ZeroMemory(s));
        CryptographicOperations.ZeroMemory(commitSecret);
        for (var i = 0; i < steps.Count; i++)
        {
            if (tree[steps[i].Node] is not { } node || !node.EncryptionKey.AsSpan().SequenceEqual(pairs[i].PublicKey))
            {
                throw new MlsException(MlsErrorCode.InvalidGroupInfo, "A path secret does not lead to the public key of its node.");
            }

            keys[steps[i].Node] = pairs[i].PrivateKey;
        }
    }

    private static void EnsureConfirmationTag(MlsCipherSuite suite, EpochSecrets secrets, byte[] confirmedTranscriptHash, byte[]? tag)
    {
        if (!CryptographicOperations.FixedTimeEquals(suite.Mac(secrets.ConfirmationKey, confirmedTranscriptHash), tag))
        {
            secrets.Dispose();
            throw new MlsException(MlsErrorCode.InvalidConfirmationTag, "The confirmation tag does not verify.");
        }
    }

    private static void EnsureLength(ReadOnlySpan<byte> message, MlsGroupOptions options)
    {
        if (message.Length > options.MaxMessageLength)
        {
            throw new MlsException(MlsErrorCode.LimitExceeded, "The message is longer than the limit.");
        }
    }
}
