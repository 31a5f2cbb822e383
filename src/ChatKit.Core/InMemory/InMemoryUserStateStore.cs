using System.Text;

namespace ChatKit.InMemory;

/// <summary>Latest-value rows of users in memory.</summary>
internal sealed class InMemoryUserStateStore : IUserStateStore
{
    private const int MaxKeyBytes = 256;
    private const int MaxValueBytes = 64 * 1024;
    private const int MaxLimit = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, UserRows> _users = [];

    public ValueTask<IReadOnlyList<long>> PutAsync(IReadOnlyList<UserStateRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
        {
            ArgumentException.ThrowIfNullOrEmpty(row.Key, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(row.Key), MaxKeyBytes, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(row.Value.Length, MaxValueBytes, nameof(rows));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<long>>(cancellationToken);
        }

        var versions = new long[rows.Count];
        lock (_lock)
        {
            for (var i = 0; i < versions.Length; i++)
            {
                var row = rows[i];
                if (!_users.TryGetValue(row.User, out var user))
                {
                    _users.Add(row.User, user = new UserRows());
                }

                versions[i] = user.Put(row);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<long>>(versions);
    }

    public ValueTask<IReadOnlyList<UserStateRow?>> GetAsync(UserId user, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<UserStateRow?>>(cancellationToken);
        }

        var rows = new UserStateRow?[keys.Count];
        lock (_lock)
        {
            if (_users.TryGetValue(user, out var known))
            {
                for (var i = 0; i < rows.Length; i++)
                {
                    rows[i] = known.ByKey.GetValueOrDefault(keys[i]);
                }
            }
        }

        return ValueTask.FromResult<IReadOnlyList<UserStateRow?>>(rows);
    }

    public ValueTask<IReadOnlyList<UserStateRow>> ReadChangesAsync(UserId user, long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<UserStateRow>>(cancellationToken);
        }

        lock (_lock)
        {
            return ValueTask.FromResult<IReadOnlyList<UserStateRow>>(
                _users.TryGetValue(user, out var known) ? known.Changes(after, limit) : []);
        }
    }

    private sealed class UserRows
    {
        private readonly SortedDictionary<long, UserStateRow> _byVersion = [];
        private long _version;

        public Dictionary<string, UserStateRow> ByKey { get; } = new(StringComparer.Ordinal);

        public long Put(UserStateRow row)
        {
            if (ByKey.TryGetValue(row.Key, out var old))
            {
                _byVersion.Remove(old.Version);
            }

            var stored = row with { Value = row.Value.ToArray(), Version = ++_version };
            ByKey[row.Key] = stored;
            _byVersion.Add(stored.Version, stored);
            return stored.Version;
        }

        public UserStateRow[] Changes(long after, int limit) =>
            after >= _version ? [] : [.. _byVersion.Values.SkipWhile(row => row.Version <= after).Take(limit)];
    }
}
