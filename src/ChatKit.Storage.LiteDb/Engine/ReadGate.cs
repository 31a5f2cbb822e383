namespace ChatKit.Storage.LiteDb;

/// <summary>Lets one thread at a time to the engine, whose page cache mixes pages up when two use it (docs/decisions/litedb.md): the writer for a whole
/// transaction, or one read. So what a reader sees is durable, and one pass through the gate sees one state of all collections. Those who waited
/// while the writer was at it go before its next transaction, a few of them: neither starves.</summary>
internal sealed class ReadGate
{
    /// <summary>So many reads go before the writer's next transaction.</summary>
    private const int MostReadsBetween = 16;

    private readonly object _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _active;
    private bool _closed;
    private int _promised;

    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (!_closed && !_active && _waiting.Count == 0)
            {
                _active = true;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        // A cancelled waiter stays in the queue and is passed over when its turn comes.
        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn);
        await turn.Task.ConfigureAwait(false);
    }

    public void Exit()
    {
        lock (_lock)
        {
            _active = false;
            Admit();
            if (_closed && !_active)
            {
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Waits for the reader inside and those whose turn it is, and keeps others out. Only the writer thread calls it; twice is as once.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_active)
            {
                Monitor.Wait(_lock);
            }
        }
    }

    /// <summary>Lets readers in again.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _closed = false;
            _promised = Math.Min(_waiting.Count, MostReadsBetween);
            Admit();
        }
    }

    private void Admit()
    {
        while ((!_closed || _promised > 0) && !_active && _waiting.TryDequeue(out var next))
        {
            _promised = Math.Max(0, _promised - 1);
            _active = next.TrySetResult();
        }

        if (_waiting.Count == 0)
        {
            _promised = 0;
        }
    }
}
