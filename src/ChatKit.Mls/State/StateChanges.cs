namespace ChatKit.Mls;

/// <summary>Collects the record changes of one operation; a later change of a key replaces an earlier one.</summary>
internal sealed class StateChanges
{
    private readonly Dictionary<string, byte[]?> _changes = [];

    public void Put(string key, byte[] value) => _changes[key] = value;

    public void Delete(string key) => _changes[key] = null;

    public IReadOnlyList<MlsStateRecord> ToList() =>
        [.. _changes.Select(c => new MlsStateRecord(c.Key, c.Value is null ? default(ReadOnlyMemory<byte>?) : c.Value))];

    /// <summary>The records that using a key changes (RFC 9420, section 9.2).</summary>
    public void Add(ulong epoch, RatchetStep step)
    {
        foreach (var (node, secret) in step.Expanded)
        {
            if (secret is null)
            {
                Delete(StateKeys.Secret(epoch, node));
            }
            else
            {
                Put(StateKeys.Secret(epoch, node), secret);
            }
        }

        Put(StateKeys.Ratchet(epoch, step.Id), Encode(step.Next));
        if (step.Other is not null)
        {
            Put(StateKeys.Ratchet(epoch, SecretTree.OtherOf(step.Id)), Encode(step.Other));
        }
    }

    public void Add(ulong epoch, SecretTree tree)
    {
        foreach (var (node, secret) in tree.Nodes)
        {
            Put(StateKeys.Secret(epoch, node), secret);
        }

        foreach (var (id, ratchet) in tree.Ratchets)
        {
            Put(StateKeys.Ratchet(epoch, id), Encode(ratchet));
        }
    }

    public void Delete(ulong epoch, SecretTree tree)
    {
        foreach (var node in tree.Nodes.Keys)
        {
            Delete(StateKeys.Secret(epoch, node));
        }

        foreach (var id in tree.Ratchets.Keys)
        {
            Delete(StateKeys.Ratchet(epoch, id));
        }
    }

    /// <summary>The records of a new epoch that differ from those of the last one; all of them if there is none.</summary>
    public void Add(EpochState next, EpochState? last)
    {
        Put(StateKeys.Epoch, next.Encode());
        Add(next.Epoch, next.SecretTree);
        for (var i = 0; i < Math.Max(next.Tree.NodeCount, last?.Tree.NodeCount ?? 0); i++)
        {
            var node = i < next.Tree.NodeCount ? next.Tree[i] : null;
            var before = last is not null && i < last.Tree.NodeCount ? last.Tree[i] : null;
            if (node is null && before is not null)
            {
                Delete(StateKeys.Tree(i));
            }
            else if (node is not null && !ReferenceEquals(node, before))
            {
                using var writer = new MlsWriter(512);
                RatchetTree.WriteNode(writer, node);
                Put(StateKeys.Tree(i), writer.ToArray());
            }
        }

        foreach (var (node, key) in next.PrivateKeys)
        {
            if (last is null || !last.PrivateKeys.TryGetValue(node, out var before) || !ReferenceEquals(key, before))
            {
                Put(StateKeys.Key(node), key);
            }
        }

        foreach (var node in last?.PrivateKeys.Keys ?? Enumerable.Empty<int>())
        {
            if (!next.PrivateKeys.ContainsKey(node))
            {
                Delete(StateKeys.Key(node));
            }
        }
    }

    private static byte[] Encode(Ratchet ratchet)
    {
        using var writer = new MlsWriter(128);
        ratchet.Write(writer);
        return writer.ToArray();
    }
}
