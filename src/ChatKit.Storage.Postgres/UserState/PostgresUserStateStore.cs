using System.Text;
using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Latest-value rows private to a user. His versions come from a row of his own, locked until the commit, so a reader of changes
/// misses none that is late.</summary>
internal sealed class PostgresUserStateStore(PostgresDatabase database) : IUserStateStore
{
    private const int MaxKeyBytes = 256;
    private const int MaxValueBytes = 64 * 1024;
    private const int MaxLimit = 10_000;

    private readonly string _put = database.Sql("select item, version from {schema}.put_user_state($1, $2, $3, $4)");

    private readonly string _get = database.Sql("""
        select u.n::int, s.value, s.version
        from unnest($3) with ordinality u (key, n)
        join {schema}.user_state s on s.tenant = $1 and s.user_id = $2 and s.key = u.key
        """);

    private readonly string _changes = database.Sql("""
        select key, value, version from {schema}.user_state
        where tenant = $1 and user_id = $2 and version > $3
        order by version limit $4
        """);

    public async ValueTask<IReadOnlyList<long>> PutAsync(IReadOnlyList<UserStateRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
        {
            ArgumentNullException.ThrowIfNull(row, nameof(rows));
            CheckKey(row.Key);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(row.Value.Length, MaxValueBytes, nameof(rows));
            Ids.Check(row.User);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (rows.Count == 0)
        {
            return [];
        }

        string[] tenants = [.. rows.Select(static row => row.User.Tenant)];
        string[] users = [.. rows.Select(static row => row.User.Value)];
        string[] keys = [.. rows.Select(static row => Texts.Encode(row.Key))];
        byte[][] values = [.. rows.Select(static row => row.Value.ToArray())];

        // Not repeatable: an older value written again would replace a newer one.
        return await database.WriteAsync<IReadOnlyList<long>>(
            Safety.Once, _put, p => p.Texts(tenants).Texts(users).Texts(keys).ByteArrays(values),
            async reader =>
            {
                var versions = new long[keys.Length];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    versions[reader.GetInt32(0) - 1] = reader.GetInt64(1);
                }

                return versions;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<UserStateRow?>> GetAsync(UserId user, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Ids.Check(user);
        string[] copy = [.. keys];
        return database.ReadAsync<IReadOnlyList<UserStateRow?>>(
            _get, p => p.Text(user.Tenant).Text(user.Value).Texts([.. copy.Select(Texts.Encode)]),
            async reader =>
            {
                var rows = new UserStateRow?[copy.Length];
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    var n = reader.GetInt32(0) - 1;
                    rows[n] = new UserStateRow(user, copy[n], reader.GetFieldValue<byte[]>(1), reader.GetInt64(2));
                }

                return rows;
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<UserStateRow>> ReadChangesAsync(UserId user, long after, int limit, CancellationToken cancellationToken)
    {
        Ids.CheckLimit(limit, MaxLimit);
        Ids.Check(user);
        return database.ReadAsync<IReadOnlyList<UserStateRow>>(
            _changes, p => p.Text(user.Tenant).Text(user.Value).Long(after).Int(limit), reader => ReadAsync(reader, user), cancellationToken);
    }

    private static async Task<IReadOnlyList<UserStateRow>> ReadAsync(NpgsqlDataReader reader, UserId user)
    {
        List<UserStateRow> rows = [];
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            rows.Add(new UserStateRow(user, Texts.Decode(reader.GetString(0)), reader.GetFieldValue<byte[]>(1), reader.GetInt64(2)));
        }

        return rows;
    }

    private static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(key), MaxKeyBytes, nameof(key));
    }
}
