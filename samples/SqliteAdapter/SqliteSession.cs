using Microsoft.Data.Sqlite;

namespace ChatKit.Samples.Sqlite;

/// <summary>Statements on one connection; their parameters are $1, $2 … Not thread-safe.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    /// <summary>Compiled statements, by their text.</summary>
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private bool _isSnapshot;

    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        List<T> rows = [];
        using var reader = Prepare(sql, values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>The first column of the first row, a number; 0 without one.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteScalar() is long number ? number : 0;

    /// <summary>Reads the state of now until it is disposed.</summary>
    public SqliteSession AsSnapshot()
    {
        Execute("BEGIN");
        _isSnapshot = true;
        return this;
    }

    public void Dispose()
    {
        if (_isSnapshot)
        {
            Execute("COMMIT");
        }

        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();

            // Every statement is a constant of this project; what users send is in parameters.
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var n = 1; n <= values.Length; n++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"${n}" });
            }

            _commands.Add(sql, command);
        }

        for (var n = 0; n < values.Length; n++)
        {
            command.Parameters[n].Value = values[n] ?? DBNull.Value;
        }

        return command;
    }
}
