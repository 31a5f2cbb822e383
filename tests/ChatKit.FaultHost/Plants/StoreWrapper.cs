namespace ChatKit.FaultHost.Plants;

/// <summary>A message store around the real one.</summary>
internal abstract class StoreWrapper(IMessageStore inner) : IMessageStore
{
    protected IMessageStore Inner { get; } = inner;

    public virtual ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken) =>
        Inner.AppendAsync(batch, cancellationToken);

    public virtual ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        Inner.ReadAsync(ranges, cancellationToken);

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetHeadsAsync(conversations, cancellationToken);

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken) =>
        Inner.CountAsync(ranges, cancellationToken);

    public virtual ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) =>
        Inner.ReadFeedAsync(after, limit, cancellationToken);
}
