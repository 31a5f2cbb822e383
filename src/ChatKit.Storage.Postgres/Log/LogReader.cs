using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Reads of the log. Ranges of one direction and view are one statement; all statements of a call are one round trip.</summary>
internal sealed class LogReader(PostgresDatabase database)
{
    private const int MaxLimit = 10_000;

    private readonly string[] _statements =
    [
        database.Sql(Statement(descending: false, messages: false)),
        database.Sql(Statement(descending: true, messages: false)),
        database.Sql(Statement(descending: false, messages: true)),
        database.Sql(Statement(descending: true, messages: true)),
    ];

    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken)
    {
        LogRange[] copy = [.. ranges];
        foreach (var range in copy)
        {
            Ids.CheckLimit(range.Limit, MaxLimit);
            Ids.Check(range.Conversation);
        }

        if (copy.Length == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult<IReadOnlyList<IReadOnlyList<LogEntry>>>([]);
        }

        return database.ReadAsync(connection => ReadAsync(connection, copy), cancellationToken);
    }

    private static string Statement(bool descending, bool messages)
    {
        var order = descending ? "desc" : "asc";
        return $$"""
            select r.n, {{(messages ? EntryRow.PresentColumns : EntryRow.Columns)}}
            from unnest($1, $2, $3, $4, $5, $6) r (n, tenant, id, low, high, top)
            join {schema}.conversations c on c.tenant = r.tenant and c.id = r.id
            cross join lateral (
                select * from {schema}.entries x
                where x.conv = c.conv and x.seq >= greatest(r.low, c.trimmed_to + 1) and x.seq <= r.high {{(messages ? "and x.kind = 1" : "")}}
                order by x.seq {{order}} limit r.top) e
            {{(messages ? Present : "")}}
            """;
    }

    /// <summary>The last edit of a message; the condition on the version spares the others the look.</summary>
    private const string Present = """
        left join lateral (
            select y.seq, y.content_type, y.body from {schema}.entries y
            where e.version <> e.seq and not e.erased and y.conv = e.conv and y.seq = e.version) p on true
        """;

    private static int Kind(LogRange range) => (range.View == LogView.Messages ? 2 : 0) + (range.Descending ? 1 : 0);

    private static void Bind(NpgsqlParameterCollection parameters, LogRange[] ranges, int kind)
    {
        int[] chosen = [.. Enumerable.Range(0, ranges.Length).Where(n => Kind(ranges[n]) == kind)];
        parameters.Ints(chosen)
            .Texts([.. chosen.Select(n => ranges[n].Conversation.Tenant)]).Texts([.. chosen.Select(n => ranges[n].Conversation.Value)])
            .Longs([.. chosen.Select(n => ranges[n].From)]).Longs([.. chosen.Select(n => ranges[n].To)]).Ints([.. chosen.Select(n => ranges[n].Limit)]);
    }

    private async Task<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(NpgsqlConnection connection, LogRange[] ranges)
    {
        await using var batch = database.Batch(connection);
        foreach (var kind in ranges.Select(Kind).Distinct())
        {
            var command = new NpgsqlBatchCommand(_statements[kind]);
            Bind(command.Parameters, ranges, kind);
            batch.BatchCommands.Add(command);
        }

        if (database.Options.PrepareStatements)
        {
            await batch.PrepareAsync().ConfigureAwait(false);
        }

        var results = new List<LogEntry>[ranges.Length];
        for (var n = 0; n < results.Length; n++)
        {
            results[n] = [];
        }

        await using var reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
        do
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                var n = reader.GetInt32(0);
                results[n].Add(EntryRow.Read(reader, ranges[n].Conversation));
            }
        }
        while (await reader.NextResultAsync().ConfigureAwait(false));

        for (var n = 0; n < results.Length; n++)
        {
            Sort(results[n], ranges[n].Descending);
        }

        return results;
    }

    /// <summary>Each range comes in its order from its index; no statement promises it without a sort, so this looks and hardly ever sorts.</summary>
    private static void Sort(List<LogEntry> entries, bool descending)
    {
        for (var i = 1; i < entries.Count; i++)
        {
            if (entries[i - 1].Seq < entries[i].Seq == descending)
            {
                entries.Sort((a, b) => descending ? b.Seq.CompareTo(a.Seq) : a.Seq.CompareTo(b.Seq));
                return;
            }
        }
    }
}
