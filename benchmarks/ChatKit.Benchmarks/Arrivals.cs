namespace ChatKit.Benchmarks;

/// <summary>Counts what came, over all connections.</summary>
internal sealed class Arrivals
{
    private TaskCompletionSource done = new();
    private long left;

    public Task Expect(long count)
    {
        done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref left, count);
        return done.Task;
    }

    public void Came(int count)
    {
        if (count > 0 && Interlocked.Add(ref left, -count) <= 0)
        {
            done.TrySetResult();
        }
    }
}
