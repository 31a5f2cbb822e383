namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>Holds the writer thread inside a work item, so that calls wait together.</summary>
internal sealed class HeldWriter : IAsyncDisposable
{
    private readonly ManualResetEventSlim _go = new();
    private Task _work = Task.CompletedTask;

    public static async Task<HeldWriter> HoldAsync(LiteDbDatabase database)
    {
        var held = new HeldWriter();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        held._work = database.WriteAsync(1, _ =>
        {
            inside.TrySetResult();
            held._go.Wait();
            return 0;
        }, CancellationToken.None).AsTask();
        await inside.Task;
        return held;
    }

    public async Task ReleaseAsync()
    {
        _go.Set();
        await _work;
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync();
        _go.Dispose();
    }
}
