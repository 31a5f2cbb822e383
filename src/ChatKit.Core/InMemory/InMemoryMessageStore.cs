using System.Text;

namespace ChatKit.InMemory;

/// <summary>The message store in memory. One lock makes a batch a transaction; everything under it is arithmetic and list work.</summary>
internal sealed class InMemoryMessageStore(TimeProvider timeProvider)
    : IMessageStore, IStoreIdentity, ILogRetention, IFeedCheckpointStore
{
    private const int MaxBatch = 1_000;
    private const int MaxLimit = 10_000;
    private const int MaxConsumerBytes = 128;

    private readonly Lock _lock = new();
    private readonly Dictionary<ConversationId, InMemoryLog> _logs = [];
    private readonly Dictionary<string, long> _checkpoints = new(StringComparer.Ordinal);

    /// <summary>Row n of the feed has position n + 1.</summary>
    private readonly List<FeedItem> _feed = [];

    private readonly string _incarnation = Guid.NewGuid().ToString("N");

    public ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Check(batch);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<AppendResult>>(cancellationToken);
        }

        var results = new AppendResult[batch.Count];
        lock (_lock)
        {
            var now = timeProvider.GetUtcNow();
            var touched = new Dictionary<ConversationId, long>();
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = AppendOne(batch[i], now, touched);
            }

            foreach (var (conversation, from) in touched)
            {
                var log = _logs[conversation];
                _feed.Add(new FeedItem(_feed.Count + 1, conversation, from, log.LastSeq, log.MembershipVersion));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<AppendResult>>(results);
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        foreach (var range in ranges)
        {
            CheckLimit(range.Limit);
        }

        return Each(ranges, static (store, range) =>
            store._logs.TryGetValue(range.Conversation, out var log) ? log.Read(range) : [], cancellationToken);
    }

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        return Each(conversations, static (store, conversation) => store._logs.GetValueOrDefault(conversation)?.Head, cancellationToken);
    }

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return Each(ranges, static (store, span) =>
            store._logs.TryGetValue(span.Conversation, out var log) ? log.Count(span.After, span.To) : 0, cancellationToken);
    }

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        CheckLimit(limit);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<FeedPage>(cancellationToken);
        }

        lock (_lock)
        {
            var count = (int)Math.Clamp(_feed.Count - after, 0, limit);
            var items = count == 0 ? [] : _feed.GetRange((int)after, count);
            return ValueTask.FromResult(new FeedPage(items, after + count));
        }
    }

    public ValueTask<StoreInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<StoreInfo>(cancellationToken);
        }

        lock (_lock)
        {
            return ValueTask.FromResult(new StoreInfo(_incarnation, _feed.Count, timeProvider.GetUtcNow()));
        }
    }

    public ValueTask TrimAsync(ConversationId conversation, long through, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            _logs.GetValueOrDefault(conversation)?.Trim(through);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<long?> GetCheckpointAsync(string consumer, CancellationToken cancellationToken)
    {
        CheckConsumer(consumer);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<long?>(cancellationToken);
        }

        lock (_lock)
        {
            return ValueTask.FromResult<long?>(_checkpoints.TryGetValue(consumer, out var position) ? position : null);
        }
    }

    public ValueTask SaveCheckpointAsync(string consumer, long position, CancellationToken cancellationToken)
    {
        CheckConsumer(consumer);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            if (!_checkpoints.TryGetValue(consumer, out var saved) || position > saved)
            {
                _checkpoints[consumer] = position;
            }
        }

        return ValueTask.CompletedTask;
    }

    private static void Check(IReadOnlyList<AppendRequest> batch)
    {
        if (batch.Count > MaxBatch)
        {
            throw new ArgumentException($"A batch has at most {MaxBatch} items.", nameof(batch));
        }

        foreach (var request in batch)
        {
            ArgumentNullException.ThrowIfNull(request, nameof(batch));
            if (!string.Equals(request.Sender.Tenant, request.Conversation.Tenant, StringComparison.Ordinal))
            {
                throw new ArgumentException("A sender belongs to the conversation's tenant.", nameof(batch));
            }
        }
    }

    private static void CheckLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
    }

    private static void CheckConsumer(string consumer)
    {
        ArgumentException.ThrowIfNullOrEmpty(consumer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(consumer), MaxConsumerBytes, nameof(consumer));
    }

    private AppendResult AppendOne(AppendRequest request, DateTimeOffset now, Dictionary<ConversationId, long> touched)
    {
        // A refused creation must leave no log behind, so a new one is kept only once it has an entry.
        var known = _logs.TryGetValue(request.Conversation, out var log);
        log ??= new InMemoryLog(request.Conversation);
        var result = log.Append(request, now);
        if (result.Outcome == AppendOutcome.Appended)
        {
            if (!known)
            {
                _logs.Add(request.Conversation, log);
            }

            touched.TryAdd(request.Conversation, result.Seq);
        }

        return result;
    }

    private ValueTask<IReadOnlyList<TResult>> Each<TItem, TResult>(
        IReadOnlyList<TItem> items, Func<InMemoryMessageStore, TItem, TResult> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<TResult>>(cancellationToken);
        }

        var results = new TResult[items.Count];
        lock (_lock)
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = read(this, items[i]);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<TResult>>(results);
    }
}
