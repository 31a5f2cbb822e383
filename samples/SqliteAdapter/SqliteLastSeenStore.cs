namespace ChatKit.Samples.Sqlite;

/// <summary>When users were last active.</summary>
internal sealed class SqliteLastSeenStore(SqliteDatabase database) : ILastSeenStore
{
    public async ValueTask TouchAsync(IReadOnlyList<LastSeenRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        LastSeenRow[] items = [.. rows];
        await database.WriteAsync(
            session =>
            {
                foreach (var row in items)
                {
                    session.Execute(
                        "INSERT INTO last_seen VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)", row.User.Tenant, row.User.Value, row.At.UtcTicks);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<DateTimeOffset?>> GetAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(users);
        return database.ReadAsync<IReadOnlyList<DateTimeOffset?>>(
            session => [.. users.Select(user => session.First<DateTimeOffset?>(
                "SELECT at FROM last_seen WHERE tenant = $1 AND user = $2", row => row.GetTime(0), user.Tenant, user.Value))],
            cancellationToken);
    }
}
