namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>An emptied row disappears: other devices never learn that it was emptied.</summary>
internal sealed class ForgottenRemovals(IUserStateStore inner) : IUserStateStore
{
    public ValueTask<IReadOnlyList<long>> PutAsync(IReadOnlyList<UserStateRow> rows, CancellationToken cancellationToken) => inner.PutAsync(rows, cancellationToken);

    public async ValueTask<IReadOnlyList<UserStateRow?>> GetAsync(UserId user, IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        [.. (await inner.GetAsync(user, keys, cancellationToken)).Select(row => row is { Value.IsEmpty: true } ? null : row)];

    public async ValueTask<IReadOnlyList<UserStateRow>> ReadChangesAsync(UserId user, long after, int limit, CancellationToken cancellationToken) =>
        [.. (await inner.ReadChangesAsync(user, after, limit, cancellationToken)).Where(row => !row.Value.IsEmpty)];
}
