using System.Security.Cryptography;

namespace ChatKit.Mls;

/// <summary>
/// A store in memory: for tests, and for applications that write asynchronously (take the changes with <see cref="TakeChanges"/> and await
/// their own write before they send what the group returned). Safe for concurrent use.
/// </summary>
public sealed class MlsMemoryGroupStore : MlsGroupStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _records = [];
    private readonly Dictionary<string, byte[]?> _changes = [];

    /// <summary>Makes an empty store.</summary>
    public MlsMemoryGroupStore()
    {
    }

    /// <summary>Makes a store with the records of an earlier one.</summary>
    /// <param name="records">The records.</param>
    public MlsMemoryGroupStore(IEnumerable<MlsStateRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var record in records)
        {
            if (record.Value is { } value)
            {
                _records[record.Key] = value.ToArray();
            }
        }
    }

    /// <summary>All records, to load a group from.</summary>
    public IReadOnlyList<MlsStateRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records.Select(r => new MlsStateRecord(r.Key, r.Value.ToArray()))];
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(IReadOnlyList<MlsStateRecord> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_lock)
        {
            foreach (var change in changes)
            {
                if (_records.Remove(change.Key, out var old))
                {
                    CryptographicOperations.ZeroMemory(old);
                }

                var value = change.Value?.ToArray();
                if (value is not null)
                {
                    _records[change.Key] = value;
                }

                _changes[change.Key] = value?.ToArray();
            }
        }
    }

    /// <summary>The changes since the last call, merged: at most one a key.</summary>
    /// <returns>The changes.</returns>
    public IReadOnlyList<MlsStateRecord> TakeChanges()
    {
        lock (_lock)
        {
            MlsStateRecord[] result = [.. _changes.Select(c => new MlsStateRecord(c.Key, c.Value is null ? default(ReadOnlyMemory<byte>?) : c.Value))];
            _changes.Clear();
            return result;
        }
    }
}
