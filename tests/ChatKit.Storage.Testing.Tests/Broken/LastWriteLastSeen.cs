using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>The last write wins, also when it is older.</summary>
internal sealed class LastWriteLastSeen : ILastSeenStore
{
    private readonly ConcurrentDictionary<UserId, DateTimeOffset> _times = new();

    public ValueTask TouchAsync(IReadOnlyList<LastSeenRow> rows, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            _times[row.User] = row.At;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DateTimeOffset?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<DateTimeOffset?>>([.. users.Select(user => _times.TryGetValue(user, out var at) ? at : (DateTimeOffset?)null)]);
}
