using System.Text;
using LiteDB;

namespace ChatKit.Storage.LiteDb;

/// <summary>Latest-value rows private to a user. The index on <c>change</c> (user and version) answers what changed.</summary>
internal sealed class LiteDbUserStateStore(LiteDbDatabase database) : IUserStateStore
{
    private const int MaxKeyBytes = 256;
    private const int MaxValueBytes = 64 * 1024;

    public ValueTask<IReadOnlyList<long>> PutAsync(IReadOnlyList<UserStateRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            return ValueTask.FromResult<IReadOnlyList<long>>([]);
        }

        foreach (var row in rows)
        {
            CheckKey(row.Key);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(row.Value.Length, MaxValueBytes, nameof(rows));
            Keys.User(row.User);
        }

        UserStateRow[] copy = [.. rows];
        return database.WriteAsync<IReadOnlyList<long>>(copy.Length, session => Put(session, copy), cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserStateRow?>> GetAsync(UserId user, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var prefix = Keys.User(user);
        string[] copy = [.. keys.Select(key => Keys.Join(prefix, key))];
        return database.ReadAsync<IReadOnlyList<UserStateRow?>>(session => [.. copy.Select(key =>
            session.Find(Collections.UserState, key) is { } row ? ToRow(row, user, prefix) : null)], cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserStateRow>> ReadChangesAsync(UserId user, long after, int limit, CancellationToken cancellationToken)
    {
        LogReader.CheckLimit(limit, 10_000);
        var prefix = Keys.User(user);
        var from = Math.Max(after, 0);
        if (from == long.MaxValue)
        {
            return ValueTask.FromResult<IReadOnlyList<UserStateRow>>([]);
        }

        return database.ReadAsync<IReadOnlyList<UserStateRow>>(session => [.. session.Range(
            Collections.UserState, Keys.Join(prefix, Keys.Number(from + 1)), Keys.Last(prefix), limit: limit, field: "change")
            .Select(row => ToRow(row, user, prefix))], cancellationToken);
    }

    private static List<long> Put(WriteSession session, UserStateRow[] rows)
    {
        var versions = new List<long>(rows.Length);
        foreach (var row in rows)
        {
            var prefix = Keys.User(row.User);

            // Rows are never removed, so the last one of the index has the user's highest version.
            var last = session.Range(Collections.UserState, Keys.First(prefix), Keys.Last(prefix), descending: true, limit: 1, field: "change")
                .FirstOrDefault();
            var version = (last is null ? 0 : last["v"].AsInt64) + 1;
            session.Upsert(Collections.UserState, new BsonDocument
            {
                ["_id"] = Keys.Join(prefix, row.Key),
                ["b"] = row.Value.ToArray(),
                ["v"] = version,
                ["change"] = Keys.Join(prefix, Keys.Number(version)),
            });
            versions.Add(version);
        }

        return versions;
    }

    private static UserStateRow ToRow(BsonDocument row, UserId user, string prefix) =>
        new(user, row["_id"].AsString[(prefix.Length + 1)..], row["b"].AsBinary, row["v"].AsInt64);

    private static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(key), MaxKeyBytes, nameof(key));
    }
}
