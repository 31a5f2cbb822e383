namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Stores a batch item by item, and stops in the middle when the caller stops waiting.</summary>
internal sealed class TornBatchStore(IMessageStore inner) : PassingMessageStore(inner)
{
    private int _cancelled;

    public override async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        List<AppendResult> results = [];
        foreach (var request in batch)
        {
            results.AddRange(await Inner.AppendAsync([request], CancellationToken.None));
            if (cancellationToken != TestContext.Current.CancellationToken && Interlocked.Exchange(ref _cancelled, 1) == 0)
            {
                // The one append that is going to be cancelled waits for it in its middle.
                var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var registration = cancellationToken.Register(stopped.SetResult);
                await stopped.Task;
                throw new OperationCanceledException(cancellationToken);
            }
        }

        return results;
    }
}
