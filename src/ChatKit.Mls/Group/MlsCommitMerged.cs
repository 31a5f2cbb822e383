namespace ChatKit.Mls;

/// <summary>A commit that took effect: the group is in its new epoch (RFC 9420, section 12.4).</summary>
public sealed class MlsCommitMerged : MlsReceived
{
    private readonly RosterChanges _changes;

    internal MlsCommitMerged(RosterChanges changes, ulong epoch, bool isOwn, bool removedSelf, bool pendingDropped, MlsReInit? reInit, byte[] authenticatedData)
        : base(authenticatedData)
    {
        _changes = changes;
        Epoch = epoch;
        IsOwn = isOwn;
        RemovedSelf = removedSelf;
        PendingCommitDropped = pendingDropped;
        ReInit = reInit;
    }

    /// <summary>The epoch that began; for a removed client the one that it does not take part in.</summary>
    public ulong Epoch { get; }

    /// <summary>Whether it was this client's own pending commit.</summary>
    public bool IsOwn { get; }

    /// <summary>Whether the commit removed this client.</summary>
    public bool RemovedSelf { get; }

    /// <summary>Whether a pending commit of this client lost the race and was dropped; prepare it again if it is still wanted.</summary>
    public bool PendingCommitDropped { get; }

    /// <summary>Whether the committer joined by this commit (an external commit, section 12.4.3.2).</summary>
    public bool IsExternal => _changes.CommitterType == MlsSenderType.NewMemberCommit;

    /// <summary>The leaf index of the committer.</summary>
    public int CommitterIndex => (int)_changes.Committer;

    /// <summary>Members that the commit added, the joiner of an external commit included.</summary>
    public IReadOnlyList<MlsMember> Added => _changes.Added;

    /// <summary>Members that the commit removed, as they were before.</summary>
    public IReadOnlyList<MlsMember> Removed => _changes.Removed;

    /// <summary>Members whose leaf changed: by an Update, or by the commit's path.</summary>
    public IReadOnlyList<MlsMember> Updated => _changes.Updated;

    /// <summary>Identifiers of external PSKs that went into the key schedule.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ExternalPskIds => Array.ConvertAll(_changes.ExternalPskIds, p => (ReadOnlyMemory<byte>)p);

    /// <summary>Whether the extensions of the group changed.</summary>
    public bool ExtensionsChanged => _changes.ExtensionsChanged;

    /// <summary>What the group is to become, if the commit held a ReInit: the group is suspended now.</summary>
    public MlsReInit? ReInit { get; }
}
