namespace ChatKit.FaultHost.Plants;

/// <summary>Hands on the entries of a hint in the wrong order.</summary>
internal sealed class ShufflingBackplane(IBackplane inner) : IBackplane
{
    public ValueTask PublishAsync(IReadOnlyList<BackplaneMessage> messages, CancellationToken cancellationToken) =>
        inner.PublishAsync([.. messages.Select(static message => message is EntriesAppended { Entries: { Count: > 1 } entries } appended
            ? appended with { Entries = [.. entries.Reverse()] }
            : message)], cancellationToken);

    public ValueTask<IAsyncDisposable> SubscribeAsync(IBackplaneHandler handler, CancellationToken cancellationToken) =>
        inner.SubscribeAsync(handler, cancellationToken);
}
