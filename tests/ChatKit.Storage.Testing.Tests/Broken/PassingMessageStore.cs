namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Passes everything on: a fault overrides one method.</summary>
internal abstract class PassingMessageStore(IMessageStore inner) : IMessageStore
{
    protected IMessageStore Inner { get; } = inner;

    public virtual ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken) =>
        Inner.AppendAsync(batch, cancellationToken);

    public virtual ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        Inner.ReadAsync(ranges, cancellationToken);

    public virtual ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetHeadsAsync(conversations, cancellationToken);

    public virtual ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken) =>
        Inner.CountAsync(ranges, cancellationToken);

    public virtual ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) =>
        Inner.ReadFeedAsync(after, limit, cancellationToken);
}
