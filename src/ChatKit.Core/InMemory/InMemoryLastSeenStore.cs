namespace ChatKit.InMemory;

/// <summary>When users were last active, in memory.</summary>
internal sealed class InMemoryLastSeenStore : ILastSeenStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UserId, DateTimeOffset> _seen = [];

    public ValueTask TouchAsync(IReadOnlyList<LastSeenRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            foreach (var row in rows)
            {
                if (!_seen.TryGetValue(row.User, out var seen) || row.At > seen)
                {
                    _seen[row.User] = row.At;
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<DateTimeOffset?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<DateTimeOffset?>>(cancellationToken);
        }

        var results = new DateTimeOffset?[users.Count];
        lock (_lock)
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = _seen.TryGetValue(users[i], out var at) ? at : null;
            }
        }

        return ValueTask.FromResult<IReadOnlyList<DateTimeOffset?>>(results);
    }
}
