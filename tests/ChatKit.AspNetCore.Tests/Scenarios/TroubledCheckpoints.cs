namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>Checkpoints that cannot be read for the first few times.</summary>
internal sealed class TroubledCheckpoints(IFeedCheckpointStore inner, int failures) : IFeedCheckpointStore
{
    private int asked;

    public int Asked => Volatile.Read(ref asked);

    public ValueTask<long?> GetCheckpointAsync(string consumer, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref asked) <= failures
            ? throw new ChatStoreException("Away, says the test.", isTransient: true)
            : inner.GetCheckpointAsync(consumer, cancellationToken);

    public ValueTask SaveCheckpointAsync(string consumer, long position, CancellationToken cancellationToken) =>
        inner.SaveCheckpointAsync(consumer, position, cancellationToken);
}
