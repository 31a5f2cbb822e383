using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>
/// A group as one of its members sees it (RFC 9420). Changes of the group are prepared, then merged or dropped; processing a message
/// changes the state only if all of it verified; every change is in the store before it has an effect. Every failure is an
/// <see cref="MlsException"/> and leaves the group as it was. Not safe for concurrent use. Secrets are zeroed on disposal.
/// </summary>
public sealed partial class MlsGroup : IDisposable
{
    private readonly MlsGroupOptions _options;
    private readonly MlsGroupStore _store;
    private readonly MlsCipherSuite _suite;
    private readonly List<PastEpoch> _past = [];
    private readonly SortedDictionary<ulong, byte[]> _resumptionPsks = [];
    private readonly Dictionary<byte[], CachedProposal> _proposals = new(ByteArrayComparer.Instance);
    private EpochState _current;
    private ulong _nextProposalOrder;
    private ReInitProposal? _reInit;
    private bool _disposed;

    private MlsGroup(MlsGroupOptions options, MlsGroupStore store, EpochState current)
    {
        _options = options;
        _store = store;
        _current = current;
        _suite = current.Suite;
    }

    /// <summary>The identifier of the group.</summary>
    public ReadOnlyMemory<byte> GroupId => _current.Context.GroupId;

    /// <summary>The current epoch.</summary>
    public ulong Epoch => _current.Epoch;

    /// <summary>The cipher suite.</summary>
    public MlsCipherSuite CipherSuite => _suite;

    /// <summary>Whether the group can be used.</summary>
    public MlsGroupStatus Status { get; private set; }

    /// <summary>The leaf index of this client.</summary>
    public int OwnLeafIndex => (int)_current.OwnLeaf;

    /// <summary>The extensions of the group.</summary>
    public IReadOnlyList<MlsExtension> Extensions => _current.Context.Extensions;

    /// <summary>The commit that was prepared and neither merged nor dropped; null if there is none.</summary>
    public MlsPendingCommit? PendingCommit { get; private set; }

    /// <summary>What the group is to become, if it is suspended.</summary>
    public MlsReInit? ReInit => _reInit is null ? null : new MlsReInit(_reInit);

    /// <summary>The members, by leaf index.</summary>
    public IReadOnlyList<MlsMember> Members => [.. _current.Tree.Leaves().Select(l => new MlsMember(l.Index, l.Leaf))];

    /// <summary>The proposals that wait for a commit, in the order of their arrival.</summary>
    public IReadOnlyList<MlsProposal> PendingProposals => [.. OrderedProposals().Select(p => p.Sourced.ToPublic())];

    /// <summary>
    /// The epoch authenticator (RFC 9420, section 8.7): equal for two members exactly if they agree on the group's whole history. Compare it
    /// out of band to authenticate the group.
    /// </summary>
    public ReadOnlyMemory<byte> EpochAuthenticator
    {
        get
        {
            ThrowIfDisposed();
            return _current.Secrets.EpochAuthenticator.AsSpan().ToArray();
        }
    }

    /// <summary>A secret for the application, bound to the epoch (MLS-Exporter, RFC 9420, section 8.5).</summary>
    /// <param name="label">A label that names the use.</param>
    /// <param name="context">Context bytes.</param>
    /// <param name="length">How many bytes.</param>
    /// <returns>The secret. Zero it after use.</returns>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.GroupInactive"/>.</exception>
    public byte[] ExportSecret(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, int length)
    {
        EnsureActive();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 255 * _suite.HashLength);
        return KeySchedule.Export(_suite, _current.Secrets.ExporterSecret, label, context, length);
    }

    /// <summary>The ratchet tree, for a Welcome or GroupInfo without it (RFC 9420, section 12.4.3.3).</summary>
    /// <returns>The encoded tree.</returns>
    public byte[] ExportRatchetTree()
    {
        ThrowIfDisposed();
        return _current.Tree.Encode();
    }

    /// <summary>A signed GroupInfo for external joins (RFC 9420, sections 12.4.3 and 12.4.3.2).</summary>
    /// <param name="withRatchetTree">Whether it holds the ratchet tree.</param>
    /// <returns>An MLSMessage.</returns>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.GroupInactive"/>.</exception>
    public byte[] ExportGroupInfo(bool withRatchetTree = true)
    {
        EnsureActive();
        var pair = EpochFactory.ExternalKeyPair(_suite, _current.Secrets);
        CryptographicOperations.ZeroMemory(pair.PrivateKey);
        using var writer = new MlsWriter(64);
        writer.WriteOpaque(pair.PublicKey);
        var externalPub = new MlsExtension(MlsExtensionType.ExternalPub, writer.ToArray());
        MlsExtension[] extensions = withRatchetTree
            ? [externalPub, new MlsExtension(MlsExtensionType.RatchetTree, _current.Tree.Encode())]
            : [externalPub];
        return MlsMessage.Of(GroupInfo.Create(_current.Context, extensions, _current.ConfirmationTag, _current.OwnLeaf, OwnSigner())).Encode();
    }

    /// <summary>Zeroes all secrets. The stored state stays.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        PendingCommit?.Zero(_current);
        foreach (var past in _past)
        {
            past.Dispose();
        }

        foreach (var psk in _resumptionPsks.Values)
        {
            CryptographicOperations.ZeroMemory(psk);
        }

        foreach (var proposal in _proposals.Values)
        {
            CryptographicOperations.ZeroMemory(proposal.PrivateKey);
        }

        _current.ZeroKeysExcept(null);
        _current.SecretTree.Dispose();
    }

    internal EpochState Current => _current;

    private IEnumerable<CachedProposal> OrderedProposals() => _proposals.Values.OrderBy(p => p.Order);

    private LeafNode OwnLeafNode() => _current.Tree.Leaf(_current.OwnLeaf)!;

    private MlsSigner OwnSigner() => _options.SignerFor(OwnLeafNode().SignatureKey);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private void EnsureActive()
    {
        ThrowIfDisposed();
        if (Status != MlsGroupStatus.Active)
        {
            throw new MlsException(MlsErrorCode.GroupInactive, "The group was left or is suspended.");
        }
    }

    private void ValidateCredential(LeafNode leaf, MlsCredential? previous, byte[]? previousKey)
    {
        if (previous is not null && previous.Equals(leaf.Credential) && leaf.SignatureKey.AsSpan().SequenceEqual(previousKey))
        {
            return;
        }

        ValidateCredential(_options, leaf, previous);
    }

    private static void ValidateCredential(MlsGroupOptions options, LeafNode leaf, MlsCredential? previous)
    {
        var context = new MlsCredentialContext(leaf.Credential, leaf.SignatureKey, previous);
        if (!options.CredentialValidator.IsValid(in context) || (previous is not null && !options.CredentialValidator.IsSuccessor(previous, leaf.Credential)))
        {
            throw new MlsException(MlsErrorCode.CredentialRejected, "The application refused a credential.");
        }
    }
}
