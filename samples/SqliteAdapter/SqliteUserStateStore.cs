using System.Text;
using Microsoft.Data.Sqlite;

namespace ChatKit.Samples.Sqlite;

/// <summary>Latest-value rows private to a user.</summary>
internal sealed class SqliteUserStateStore(SqliteDatabase database) : IUserStateStore
{
    private const int MaxKeyBytes = 256;
    private const int MaxValueBytes = 64 * 1024;
    private const int MaxLimit = 10_000;

    public ValueTask<IReadOnlyList<long>> PutAsync(IReadOnlyList<UserStateRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        UserStateRow[] items = [.. rows];
        foreach (var row in items)
        {
            ArgumentException.ThrowIfNullOrEmpty(row.Key, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(row.Key), MaxKeyBytes, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(row.Value.Length, MaxValueBytes, nameof(rows));
        }

        return database.WriteAsync<IReadOnlyList<long>>(session => [.. items.Select(row => Put(session, row))], cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserStateRow?>> GetAsync(UserId user, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return database.ReadAsync<IReadOnlyList<UserStateRow?>>(
            session => [.. keys.Select(key => session.First(
                "SELECT key, value, version FROM user_state WHERE tenant = $1 AND user = $2 AND key = $3", row => Read(row, user), user.Tenant, user.Value, key))],
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserStateRow>> ReadChangesAsync(UserId user, long after, int limit, CancellationToken cancellationToken)
    {
        Rows.CheckLimit(limit, MaxLimit);
        return database.ReadAsync<IReadOnlyList<UserStateRow>>(
            session => session.All(
                "SELECT key, value, version FROM user_state WHERE tenant = $1 AND user = $2 AND version > $3 ORDER BY version LIMIT $4",
                row => Read(row, user), user.Tenant, user.Value, after, limit),
            cancellationToken);
    }

    private static long Put(SqliteSession session, UserStateRow row)
    {
        // Rows are never removed, so the highest version there is is the highest ever given.
        var version = 1 + session.Number("SELECT max(version) FROM user_state WHERE tenant = $1 AND user = $2", row.User.Tenant, row.User.Value);
        session.Execute(
            "INSERT INTO user_state VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, user, key) DO UPDATE SET value = excluded.value, version = excluded.version",
            row.User.Tenant, row.User.Value, row.Key, row.Value.ToArray(), version);
        return version;
    }

    private static UserStateRow Read(SqliteDataReader row, UserId user) => new(user, row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2));
}
