using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Keeps the connections that were used last and hands out the newest first. The driver's pool hands out the one that rested longest, so each of a hundred is
/// used in turn, and the server process behind it has lost its place in the processor's caches whenever it is asked. Thread-safe.</summary>
internal sealed class WarmConnections : IDisposable
{
    private const int Most = 4;

    /// <summary>Of the pool's connections, so that others who use it never find it empty for our sake.</summary>
    private const int ShareOfPool = 4;

    /// <summary>Then all go back: the pool closes what is too old, too many or broken.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Stack<NpgsqlConnection> _idle = new();
    private readonly NpgsqlDataSource _dataSource;
    private readonly ITimer _timer;
    private readonly int _most;
    private bool _disposed;

    /// <summary>Counts how often all went back: what was taken before is not kept any more.</summary>
    private int _age;

    /// <summary>Whether the timer will end this age, however busy it is.</summary>
    private bool _endsSoon;

    public WarmConnections(NpgsqlDataSource dataSource, TimeProvider time)
    {
        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        _dataSource = dataSource;
        _most = settings.Pooling ? Math.Min(Most, settings.MaxPoolSize / ShareOfPool) : 0;
        _timer = time.CreateTimer(static warm => ((WarmConnections)warm!).Release(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>An open connection and its age, which <see cref="Return"/> wants to know. Who does not return it disposes of it.</summary>
    public ValueTask<(NpgsqlConnection Connection, int Age)> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_idle.TryPop(out var connection))
            {
                return new((connection, _age));
            }
        }

        return OpenAsync(Volatile.Read(ref _age), cancellationToken);
    }

    /// <summary>Gives back a connection on which everything went well.</summary>
    public ValueTask Return(NpgsqlConnection connection, int age)
    {
        lock (_gate)
        {
            if (age == _age && !_disposed && _idle.Count < _most)
            {
                _idle.Push(connection);
                if (!_endsSoon)
                {
                    _endsSoon = true;
                    _timer.Change(Kept, Timeout.InfiniteTimeSpan);
                }

                return ValueTask.CompletedTask;
            }
        }

        return connection.DisposeAsync();
    }

    /// <summary>Gives all to the pool; those that are out go there when they are returned.</summary>
    public void Release()
    {
        NpgsqlConnection[] released;
        lock (_gate)
        {
            _age++;
            _endsSoon = false;
            released = [.. _idle];
            _idle.Clear();
        }

        foreach (var connection in released)
        {
            connection.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
        Release();
    }

    private async ValueTask<(NpgsqlConnection Connection, int Age)> OpenAsync(int age, CancellationToken cancellationToken) =>
        (await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false), age);
}
