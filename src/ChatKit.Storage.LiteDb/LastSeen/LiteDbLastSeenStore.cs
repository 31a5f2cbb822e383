using LiteDB;

namespace ChatKit.Storage.LiteDb;

internal sealed class LiteDbLastSeenStore(LiteDbDatabase database) : ILastSeenStore
{
    public async ValueTask TouchAsync(IReadOnlyList<LastSeenRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var latest = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var key = Keys.User(row.User);
            latest[key] = Math.Max(latest.GetValueOrDefault(key), row.At.UtcTicks);
        }

        if (latest.Count > 0)
        {
            await database.WriteAsync(latest.Count, session =>
            {
                foreach (var (key, at) in latest)
                {
                    if (session.Find(Collections.LastSeen, key) is not { } known || known["a"].AsInt64 < at)
                    {
                        session.Upsert(Collections.LastSeen, new BsonDocument { ["_id"] = key, ["a"] = at });
                    }
                }

                return true;
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<IReadOnlyList<DateTimeOffset?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        string[] keys = [.. users.Select(Keys.User)];
        return database.ReadAsync<IReadOnlyList<DateTimeOffset?>>(session => [.. keys.Select(key =>
            session.Find(Collections.LastSeen, key) is { } row ? new DateTimeOffset(row["a"].AsInt64, TimeSpan.Zero) : (DateTimeOffset?)null)],
            cancellationToken);
    }
}
