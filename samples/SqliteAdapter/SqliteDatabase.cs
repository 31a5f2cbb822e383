using Microsoft.Data.Sqlite;

namespace ChatKit.Samples.Sqlite;

/// <summary>One SQLite file, which several processes may have open: readers beside one writer at a time (WAL). A commit is on the disk
/// before it is answered (synchronous = FULL). Thread-safe.</summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int Busy = 5;
    private const int Locked = 6;

    private readonly string _connectionString;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SqliteSession _writer;

    public SqliteDatabase(string path, TimeProvider timeProvider)
    {
        Time = timeProvider;

        // How long a process waits for the write lock while another one has it.
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();
        _writer = Guard(() =>
        {
            var session = Open();
            session.Execute("PRAGMA journal_mode = WAL");
            session.Execute(Schema.Sql);
            session.Execute("INSERT OR IGNORE INTO store (one, incarnation) VALUES (1, $1)", Guid.NewGuid().ToString("N"));
            return session;
        });
    }

    public TimeProvider Time { get; }

    #region sqlite-write
    /// <summary>Runs work in one transaction. Cancelling stops the waiting, never the work.</summary>
    public ValueTask<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<T>(RunAsync().WaitAsync(cancellationToken));

        async Task<T> RunAsync()
        {
            await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                // SQLite's calls block, so they get a thread that may.
                return await Task.Run(() => Guard(() => InTransaction(work)), CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private T InTransaction<T>(Func<SqliteSession, T> work)
    {
        _writer.Execute("BEGIN IMMEDIATE");   // takes the write lock now: positions of the feed are drawn in the order of commits
        try
        {
            var result = work(_writer);
            _writer.Execute("COMMIT");
            return result;
        }
        catch
        {
            _writer.Execute("ROLLBACK");
            throw;
        }
    }
    #endregion

    /// <summary>Runs reads on one snapshot.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Task.Run(
            () => Guard(() =>
            {
                using var session = Snapshot();
                return work(session);
            }),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection that reads the state of now until it is disposed.</summary>
    public SqliteSession Snapshot() => Open().AsSnapshot();

    #region sqlite-guard
    /// <summary>No driver's exception escapes: a caller knows only whether trying again may help.</summary>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException exception)
        {
            throw new ChatStoreException(
                $"SQLite answers {exception.SqliteErrorCode}.", exception.SqliteErrorCode is Busy or Locked, exception);
        }
    }
    #endregion

    public void Dispose()
    {
        // Who stopped waiting left his work to run: it ends first.
        _turn.Wait();
        _writer.Dispose();
        using (var connection = new SqliteConnection(_connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _turn.Dispose();
    }

    private SqliteSession Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        var session = new SqliteSession(connection);
        session.Execute("PRAGMA synchronous = FULL");
        return session;
    }
}
