namespace ChatKit.Storage.LiteDb;

/// <summary>Lets a few reads in at a time, and none while the writer publishes a commit: what a reader sees is durable, and one
/// pass through the gate sees one state of all collections. A waiting writer goes before waiting readers.</summary>
internal sealed class ReadGate(int capacity)
{
    private readonly object _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _active;
    private bool _closed;

    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (!_closed && _active < capacity && _waiting.Count == 0)
            {
                _active++;
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
            _active--;
            if (_closed)
            {
                Monitor.PulseAll(_lock);
            }

            Admit();
        }
    }

    /// <summary>Keeps new readers out and waits for those inside. Only the writer thread calls it.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_active > 0)
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
            Admit();
        }
    }

    private void Admit()
    {
        while (!_closed && _active < capacity && _waiting.TryDequeue(out var next))
        {
            if (next.TrySetResult())
            {
                _active++;
            }
        }
    }
}
