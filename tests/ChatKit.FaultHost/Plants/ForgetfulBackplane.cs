namespace ChatKit.FaultHost.Plants;

/// <summary>Loses every fourth hint of new entries.</summary>
internal sealed class ForgetfulBackplane(IBackplane inner) : IBackplane
{
    private int count;

    public ValueTask PublishAsync(IReadOnlyList<BackplaneMessage> messages, CancellationToken cancellationToken) =>
        inner.PublishAsync([.. messages.Where(message => message is not EntriesAppended || Interlocked.Increment(ref count) % 4 != 0)], cancellationToken);

    public ValueTask<IAsyncDisposable> SubscribeAsync(IBackplaneHandler handler, CancellationToken cancellationToken) =>
        inner.SubscribeAsync(handler, cancellationToken);
}
