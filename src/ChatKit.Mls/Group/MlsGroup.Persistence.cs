using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <content>Stored state.</content>
public sealed partial class MlsGroup
{
    private const byte FormatVersion = 1;

    /// <summary>Loads a group from its stored records, a pending commit and waiting proposals included.</summary>
    /// <param name="records">All records of the group.</param>
    /// <param name="options">What the client brings.</param>
    /// <param name="store">Where the group keeps its state from now on.</param>
    /// <returns>The group.</returns>
    /// <exception cref="MlsException"><see cref="MlsErrorCode.CorruptState"/>, or <see cref="MlsErrorCode.UnsupportedCipherSuite"/>.</exception>
    public static MlsGroup Load(IEnumerable<MlsStateRecord> records, MlsGroupOptions options, MlsGroupStore store)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        var map = new Dictionary<string, byte[]>();
        foreach (var record in records)
        {
            if (record.Value is { } value)
            {
                map[record.Key] = value.ToArray();
            }
        }

        try
        {
            return Load(map, options, store);
        }
        catch (Exception e) when (e is OverflowException or MlsException { Code: MlsErrorCode.Malformed or MlsErrorCode.InvalidTree or MlsErrorCode.InvalidProposal })
        {
            throw new MlsException(MlsErrorCode.CorruptState, "The stored state of the group is incomplete or damaged.", e);
        }
    }

    private static MlsGroup Load(Dictionary<string, byte[]> map, MlsGroupOptions options, MlsGroupStore store)
    {
        var reader = new MlsReader(Required(map, StateKeys.Group));
        if (reader.ReadUInt8() != FormatVersion)
        {
            throw new MlsException(MlsErrorCode.CorruptState, "The stored state of the group has an unknown format.");
        }

        var suite = options.Suite(reader.ReadUInt16());
        var status = (MlsGroupStatus)reader.ReadUInt8();
        var reInit = reader.ReadOptional() ? ReInitProposal.ReadBody(ref reader) : null;
        reader.EnsureEnd();
        var group = new MlsGroup(options, store, LoadEpoch(map, suite)) { Status = status, _reInit = reInit };
        foreach (var (key, value) in map)
        {
            group.LoadRecord(map, key, value);
        }

        group._past.Sort((a, b) => a.Epoch.CompareTo(b.Epoch));
        if (map.TryGetValue(StateKeys.Pending, out var pending))
        {
            group.PendingCommit = MlsPendingCommit.Decode(pending, map, m => LoadEpoch(m, suite, group._current));
        }

        return group;
    }

    private void LoadRecord(Dictionary<string, byte[]> map, string key, byte[] value)
    {
        var reader = new MlsReader(value);
        if (key.StartsWith(StateKeys.PastPrefix, StringComparison.Ordinal))
        {
            var (nodes, ratchets) = LoadSecrets(map, StateKeys.Number(key[StateKeys.PastPrefix.Length..]));
            _past.Add(PastEpoch.Read(ref reader, _suite, nodes, ratchets));
        }
        else if (key.StartsWith(StateKeys.PskPrefix, StringComparison.Ordinal))
        {
            _resumptionPsks[StateKeys.Number(key[StateKeys.PskPrefix.Length..])] = value;
        }
        else if (key.StartsWith(StateKeys.ProposalPrefix, StringComparison.Ordinal))
        {
            byte[] reference;
            try
            {
                reference = Convert.FromHexString(key[StateKeys.ProposalPrefix.Length..]);
            }
            catch (FormatException e)
            {
                throw new MlsException(MlsErrorCode.CorruptState, "The stored state of the group is incomplete or damaged.", e);
            }

            var proposal = CachedProposal.Read(ref reader, reference);
            _proposals[proposal.Reference] = proposal;
            _nextProposalOrder = Math.Max(_nextProposalOrder, proposal.Order + 1);
        }
    }

    /// <summary>Builds an epoch from records; nodes and keys equal to those of another epoch are shared with it.</summary>
    private static EpochState LoadEpoch(Dictionary<string, byte[]> map, MlsCipherSuite suite, EpochState? share = null)
    {
        var reader = new MlsReader(Required(map, StateKeys.Epoch));
        var context = GroupContext.Read(ref reader);
        var leafCount = reader.ReadUInt32();
        var ownLeaf = reader.ReadUInt32();
        var tag = reader.ReadOpaque();
        var interim = reader.ReadOpaque();
        var secrets = EpochSecrets.Read(ref reader);
        reader.EnsureEnd();
        if (leafCount is 0 or > RatchetTree.MaxLeaves || !System.Numerics.BitOperations.IsPow2(leafCount) || ownLeaf >= leafCount)
        {
            throw StateKeys.Corrupt();
        }

        var nodes = new TreeNode?[TreeMath.NodeCount((int)leafCount)];
        var keys = new Dictionary<int, byte[]>();
        foreach (var (key, value) in map)
        {
            if (key.StartsWith(StateKeys.TreePrefix, StringComparison.Ordinal))
            {
                var index = StateKeys.Node(key[StateKeys.TreePrefix.Length..]);
                if (index < nodes.Length)
                {
                    var nodeReader = new MlsReader(value);
                    nodes[index] = Shared(RatchetTree.ReadNode(ref nodeReader, index), share, index);
                }
            }
            else if (key.StartsWith(StateKeys.KeyPrefix, StringComparison.Ordinal))
            {
                var index = StateKeys.Node(key[StateKeys.KeyPrefix.Length..]);
                keys[index] = share is not null && share.PrivateKeys.TryGetValue(index, out var known) && CryptographicOperations.FixedTimeEquals(known, value) ? known : value;
            }
        }

        if (nodes[TreeMath.LeafToNode(ownLeaf)] is null)
        {
            throw StateKeys.Corrupt();
        }

        var (secretNodes, ratchets) = LoadSecrets(map, context.Epoch);
        return new EpochState(
            suite, context, new RatchetTree(suite, nodes), ownLeaf, keys, tag, interim, secrets, new SecretTree(suite, (int)leafCount, secretNodes, ratchets));
    }

    private static TreeNode Shared(TreeNode node, EpochState? share, int index)
    {
        if (share is null || index >= share.Tree.NodeCount || share.Tree[index] is not { } known)
        {
            return node;
        }

        using var one = new MlsWriter(512);
        using var other = new MlsWriter(512);
        RatchetTree.WriteNode(one, node);
        RatchetTree.WriteNode(other, known);
        return one.Written.SequenceEqual(other.Written) ? known : node;
    }

    private static (Dictionary<int, byte[]> Nodes, Dictionary<RatchetId, Ratchet> Ratchets) LoadSecrets(Dictionary<string, byte[]> map, ulong epoch)
    {
        var nodes = new Dictionary<int, byte[]>();
        var ratchets = new Dictionary<RatchetId, Ratchet>();
        foreach (var (key, value) in map)
        {
            var parts = key.Split('/');
            if (key.StartsWith(StateKeys.SecretPrefix, StringComparison.Ordinal) && parts.Length == 3 && StateKeys.Number(parts[1]) == epoch)
            {
                nodes[StateKeys.Node(parts[2])] = value;
            }
            else if (key.StartsWith(StateKeys.RatchetPrefix, StringComparison.Ordinal) && parts.Length == 4 && StateKeys.Number(parts[1]) == epoch)
            {
                var reader = new MlsReader(value);
                ratchets[StateKeys.RatchetId(parts[2], parts[3])] = Ratchet.Read(ref reader);
            }
        }

        return (nodes, ratchets);
    }

    private static byte[] Required(Dictionary<string, byte[]> map, string key) => map.TryGetValue(key, out var value) ? value : throw StateKeys.Corrupt();

    private static byte[] EncodeGroup(MlsCipherSuite suite, MlsGroupStatus status, ReInitProposal? reInit)
    {
        using var writer = new MlsWriter();
        writer.WriteUInt8(FormatVersion);
        writer.WriteUInt16(suite.Id);
        writer.WriteUInt8((byte)status);
        writer.WriteOptional(reInit is not null);
        reInit?.WriteBody(writer);
        return writer.ToArray();
    }

    private void Save(StateChanges changes) => _store.Write(changes.ToList());

    /// <summary>Writes the whole state of a new group and makes the group.</summary>
    private static MlsGroup Start(MlsGroupOptions options, MlsGroupStore store, EpochState state)
    {
        var changes = new StateChanges();
        changes.Put(StateKeys.Group, EncodeGroup(state.Suite, MlsGroupStatus.Active, null));
        changes.Add(state, null);
        store.Write(changes.ToList());
        return new MlsGroup(options, store, state);
    }

    /// <summary>Moves to the next epoch, in the store first: the last one is kept for late messages, older ones go.</summary>
    private void MoveTo(EpochState next, ReInitProposal? reInit, RatchetStep? step)
    {
        var changes = new StateChanges();
        var last = _current;
        var past = PastEpoch.From(last);
        var keepsPast = _options.MaxPastEpochs > 0;
        var expired = keepsPast ? _past.Take(Math.Max(0, _past.Count + 1 - _options.MaxPastEpochs)).ToList() : [.. _past, past];
        var status = reInit is null ? MlsGroupStatus.Active : MlsGroupStatus.Suspended;
        changes.Add(next, last);
        if (keepsPast)
        {
            changes.Put(StateKeys.Past(last.Epoch), past.Encode());
            if (step is not null)
            {
                changes.Add(last.Epoch, step);
            }
        }

        foreach (var old in expired)
        {
            changes.Delete(StateKeys.Past(old.Epoch));
            changes.Delete(old.Epoch, old.SecretTree);
        }

        var resumption = last.Secrets.ResumptionPsk.AsSpan().ToArray();
        var droppedPsks = _resumptionPsks.Keys.Take(Math.Max(0, _resumptionPsks.Count + 1 - _options.MaxResumptionPsks)).ToList();
        droppedPsks.ForEach(e => changes.Delete(StateKeys.Psk(e)));
        if (_options.MaxResumptionPsks > 0)
        {
            changes.Put(StateKeys.Psk(last.Epoch), resumption);
        }

        changes.Put(StateKeys.Group, EncodeGroup(_suite, status, reInit));
        DeleteProposals(changes);
        changes.Delete(StateKeys.Pending);
        Save(changes);

        if (step is not null)
        {
            last.SecretTree.Apply(step);
            step.Key.Dispose();
        }

        _current = next;
        _reInit = reInit;
        Status = status;
        if (PendingCommit is { } pending && !ReferenceEquals(pending.Next, next))
        {
            pending.Zero(last);
        }

        PendingCommit = null;
        if (keepsPast)
        {
            _past.Add(past);
        }

        foreach (var old in expired)
        {
            _past.Remove(old);
            old.Dispose();
        }

        if (_options.MaxResumptionPsks > 0)
        {
            _resumptionPsks[last.Epoch] = resumption;
        }

        foreach (var epoch in droppedPsks)
        {
            CryptographicOperations.ZeroMemory(_resumptionPsks[epoch]);
            _resumptionPsks.Remove(epoch);
        }

        ClearProposalCache(next);
        last.ZeroKeysExcept(next);
    }

    private void DeleteProposals(StateChanges changes)
    {
        foreach (var reference in _proposals.Keys)
        {
            changes.Delete(StateKeys.Proposal(reference));
        }
    }

    private void ClearProposalCache(EpochState? next)
    {
        foreach (var proposal in _proposals.Values)
        {
            if (proposal.PrivateKey is { } key && next?.PrivateKeys.ContainsValue(key) != true)
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }

        _proposals.Clear();
    }
}
