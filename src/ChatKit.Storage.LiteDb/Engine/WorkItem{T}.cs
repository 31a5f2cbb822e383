namespace ChatKit.Storage.LiteDb;

internal sealed class WorkItem<T>(int rows, Func<WriteSession, T> work) : WorkItem(rows)
{
    // Continuations must not run on the writer thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _done.Task;

    public override void Execute(WriteSession session) => _result = work(session);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(Exception fault) => _done.TrySetException(fault);
}
