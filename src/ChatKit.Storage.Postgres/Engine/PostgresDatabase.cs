using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Runs statements: opens connections, waits out transient faults, translates what comes out of the driver, and lets a caller
/// stop waiting without stopping what the server does. Thread-safe.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable, IDisposable
{
    private readonly PostgresOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private readonly NpgsqlDataSource _dataSource;
    private readonly WarmConnections _connections;
    private readonly bool _ownsDataSource;
    private readonly int _commandTimeout;
    private volatile bool _ready;

    public PostgresDatabase(IOptions<PostgresOptions> options, TimeProvider time, ILoggerFactory? loggers = null)
    {
        _options = options.Value;
        Time = time;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<PostgresDatabase>();
        _ownsDataSource = _options.DataSource is null;
        _dataSource = _options.DataSource ?? ConnectionSettings.CreateDataSource(_options.ConnectionString, _options.PrepareStatements);
        _connections = new WarmConnections(_dataSource, time);
        _commandTimeout = (int)Math.Ceiling(_options.CommandTimeout.TotalSeconds);
    }

    /// <summary>For waiting, never for what is stored: that goes by the server's clock, which all hosts share.</summary>
    public TimeProvider Time { get; }

    public PostgresOptions Options => _options;

    public ILogger Logger => _logger;

    /// <summary>For tests: a clock instead of the server's.</summary>
    internal TimeProvider? ClockOverride { get; set; }

    /// <summary>What statements take for the present time: null for the server's clock.</summary>
    public DateTimeOffset? Now => ClockOverride?.GetUtcNow();

    public string Sql(string sql) => SchemaName.Fill(sql, _options.Schema);

    /// <summary>Prepares the database for the start of a host, waiting for a server that is not there yet.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        while (true)
        {
            try
            {
                await EnsureReadyAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                var translated = Faults.Translate(e);
                if (translated is not ChatStoreException { IsTransient: true } || Time.GetElapsedTime(started) >= _options.StartTimeout)
                {
                    throw translated;
                }

                Log.NotReady(_logger, e);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads with one statement.</summary>
    public ValueTask<T> ReadAsync<T>(
        string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        ReadAsync(connection => ExecuteAsync(connection, sql, bind, read), cancellationToken);

    /// <summary>Reads on one connection.</summary>
    public ValueTask<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WaitAsync(RunAsync(Safety.Repeatable, work, cancellationToken), cancellationToken);
    }

    /// <summary>Writes with one statement, which goes on when the caller stops waiting.</summary>
    public ValueTask<T> WriteAsync<T>(
        Safety safety, string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken) =>
        WriteAsync(safety, connection => ExecuteAsync(connection, sql, bind, read), cancellationToken);

    /// <summary>Writes on one connection; goes on when the caller stops waiting.</summary>
    public ValueTask<T> WriteAsync<T>(Safety safety, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WaitAsync(RunAsync(safety, work, CancellationToken.None), cancellationToken);
    }

    /// <summary>Writes with one statement that answers nothing.</summary>
    public async ValueTask WriteAsync(Safety safety, string sql, Action<NpgsqlParameterCollection> bind, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await WaitAsync(RunAsync(safety, connection => ExecuteAsync(connection, sql, bind), CancellationToken.None), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One statement on a connection that is open.</summary>
    public async Task<T> ExecuteAsync<T>(
        NpgsqlConnection connection, string sql, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, Task<T>> read)
    {
        await using var command = await CommandAsync(connection, sql, bind).ConfigureAwait(false);
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        return await read(reader).ConfigureAwait(false);
    }

    /// <summary>An empty batch with the store's settings.</summary>
    public NpgsqlBatch Batch(NpgsqlConnection connection) => new(connection) { Timeout = _commandTimeout };

    public ValueTask DisposeAsync()
    {
        _preparing.Dispose();
        _connections.Dispose();
        return _ownsDataSource ? _dataSource.DisposeAsync() : ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _preparing.Dispose();
        _connections.Dispose();
        if (_ownsDataSource)
        {
            _dataSource.Dispose();
        }
    }

    private async Task<bool> ExecuteAsync(NpgsqlConnection connection, string sql, Action<NpgsqlParameterCollection> bind)
    {
        await using var command = await CommandAsync(connection, sql, bind).ConfigureAwait(false);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        return true;
    }

    private async ValueTask<NpgsqlCommand> CommandAsync(NpgsqlConnection connection, string sql, Action<NpgsqlParameterCollection> bind)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = _commandTimeout };
        bind(command.Parameters);
        if (_options.PrepareStatements)
        {
            // Once a physical connection and statement; afterwards it costs no round trip.
            await command.PrepareAsync().ConfigureAwait(false);
        }

        return command;
    }

    private async ValueTask EnsureReadyAsync(CancellationToken cancellationToken)
    {
        if (_ready)
        {
            return;
        }

        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_ready)
            {
                await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await SchemaKeeper.PrepareAsync(connection, _options, _logger, cancellationToken).ConfigureAwait(false);
                _ready = true;
            }
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Tries until it succeeds, fails for good, or the time is up. The token stops only what has not reached the server.</summary>
    private async Task<T> RunAsync<T>(Safety safety, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var sent = false;
            TimeSpan delay;
            try
            {
                await EnsureReadyAsync(cancellationToken).ConfigureAwait(false);
                var connection = await _connections.TakeAsync(cancellationToken).ConfigureAwait(false);
                sent = true;
                return await UseAsync(connection, work).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not (OperationCanceledException or ArgumentException or ChatStoreException { IsTransient: false }))
            {
                if (Faults.LosesConnections(e))
                {
                    _connections.Release();
                    _dataSource.Clear();
                }

                delay = Delay(attempt);
                var again = safety == Safety.Repeatable || !sent || Faults.IsCertain(e);
                if (!again || Faults.Translate(e) is not ChatStoreException { IsTransient: true }
                    || Time.GetElapsedTime(started) + delay > _options.MaxRetryTime)
                {
                    throw Faults.Translate(e);
                }

                Log.Retry(_logger, attempt, (long)delay.TotalMilliseconds, e);
            }

            await Task.Delay(delay, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<T> UseAsync<T>(WarmConnection connection, Func<NpgsqlConnection, Task<T>> work)
    {
        T result;
        try
        {
            result = await work(connection.Open).ConfigureAwait(false);
        }
        catch
        {
            // The pool closes it if it is broken.
            await connection.Open.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await _connections.Return(connection).ConfigureAwait(false);
        return result;
    }

    /// <summary>20, 40, 80 … 640 ms, each spread by half, so that callers that failed together do not return together.</summary>
    private static TimeSpan Delay(int attempt) =>
        TimeSpan.FromMilliseconds((20 << Math.Min(attempt - 1, 5)) * (0.75 + (Random.Shared.NextDouble() / 2)));

    private async ValueTask<T> WaitAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled || task.IsCompleted)
        {
            return await task.ConfigureAwait(false);
        }

        try
        {
            return await task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!task.IsCompleted)
        {
            _ = task.ContinueWith(
                static (failed, logger) => Log.AbandonedWriteFailed((ILogger)logger!, failed.Exception!),
                _logger, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }
}
