using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Keeps the connections that were used last and hands out the newest first. The driver's pool hands out the one that rested longest, so each of a hundred is
/// used in turn, and the server process behind it has lost its place in the processor's caches whenever it is asked. Thread-safe.</summary>
internal sealed class WarmConnections : IDisposable
{
    private const int Most = 4;

    /// <summary>Of the pool's connections, so that others who use it never find it empty for our sake.</summary>
    private const int ShareOfPool = 4;

    /// <summary>Who was not used for so long goes back.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <summary>Who is used all the time goes back now and then: the pool closes what is too old. Not often: the next one is cold, and its first append takes the
    /// database tens of milliseconds.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();

    /// <summary>In the order they were returned; the last is used next.</summary>
    private readonly List<(WarmConnection Connection, long Returned)> _idle = [];

    private readonly NpgsqlDataSource _dataSource;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly TimeSpan _kept;
    private readonly int _most;
    private bool _disposed;

    /// <summary>Counts how often all went back: what was taken before is not kept any more.</summary>
    private int _age;

    /// <summary>Whether the timer will look for idle ones.</summary>
    private bool _watched;

    public WarmConnections(NpgsqlDataSource dataSource, TimeProvider time)
    {
        var settings = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
        _dataSource = dataSource;
        _time = time;
        var lifetime = TimeSpan.FromSeconds(settings.ConnectionLifetime);
        _kept = lifetime > TimeSpan.Zero && lifetime < Kept ? lifetime : Kept;
        _most = settings.Pooling ? Math.Min(Most, settings.MaxPoolSize / ShareOfPool) : 0;
        _timer = time.CreateTimer(static warm => ((WarmConnections)warm!).ReleaseIdle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>An open connection. Who does not <see cref="Return"/> it disposes of it.</summary>
    public ValueTask<WarmConnection> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_idle is [.., var (connection, _)])
            {
                _idle.RemoveAt(_idle.Count - 1);
                return new(connection);
            }
        }

        return OpenAsync(Volatile.Read(ref _age), cancellationToken);
    }

    /// <summary>Gives back a connection on which everything went well.</summary>
    public ValueTask Return(WarmConnection connection)
    {
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            if (connection.Age == _age && !_disposed && _idle.Count < _most && _time.GetElapsedTime(connection.Since, now) < _kept)
            {
                _idle.Add((connection, now));
                Watch();
                return ValueTask.CompletedTask;
            }
        }

        return connection.Open.DisposeAsync();
    }

    /// <summary>Gives all to the pool; those that are out go there when they are returned.</summary>
    public void Release()
    {
        List<(WarmConnection Connection, long)> released;
        lock (_gate)
        {
            _age++;
            released = [.. _idle];
            _idle.Clear();
        }

        Close(released);
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

    private static void Close(List<(WarmConnection Connection, long)> released)
    {
        foreach (var (connection, _) in released)
        {
            connection.Open.Dispose();
        }
    }

    private void ReleaseIdle()
    {
        List<(WarmConnection Connection, long)> released;
        lock (_gate)
        {
            var idle = _idle.TakeWhile(one => _time.GetElapsedTime(one.Returned) >= Idle).Count();
            released = _idle.GetRange(0, idle);
            _idle.RemoveRange(0, idle);
            _watched = false;
            if (_idle.Count > 0 && !_disposed)
            {
                Watch();
            }
        }

        Close(released);
    }

    private void Watch()
    {
        if (!_watched)
        {
            _watched = true;
            _timer.Change(Idle, Timeout.InfiniteTimeSpan);
        }
    }

    private async ValueTask<WarmConnection> OpenAsync(int age, CancellationToken cancellationToken) =>
        new(await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false), age, _time.GetTimestamp());
}
