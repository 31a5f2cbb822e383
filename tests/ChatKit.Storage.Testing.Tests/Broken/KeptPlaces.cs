using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>A row keeps the version of its first write: a reader of changes never sees the later ones.</summary>
internal sealed class KeptPlaces : IUserStateStore
{
    private readonly ConcurrentDictionary<(UserId User, string Key), UserStateRow> _rows = new();
    private long _version;

    public ValueTask<IReadOnlyList<long>> PutAsync(IReadOnlyList<UserStateRow> rows, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<long>>([.. rows.Select(row => _rows.AddOrUpdate(
            (row.User, row.Key),
            _ => row with { Value = row.Value.ToArray(), Version = Interlocked.Increment(ref _version) },
            (_, old) => old with { Value = row.Value.ToArray() }).Version)]);

    public ValueTask<IReadOnlyList<UserStateRow?>> GetAsync(UserId user, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<UserStateRow?>>([.. keys.Select(key => _rows.GetValueOrDefault((user, key)))]);

    public ValueTask<IReadOnlyList<UserStateRow>> ReadChangesAsync(UserId user, long after, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<UserStateRow>>(
            [.. _rows.Values.Where(row => row.User == user && row.Version > after).OrderBy(row => row.Version).Take(limit)]);
}
