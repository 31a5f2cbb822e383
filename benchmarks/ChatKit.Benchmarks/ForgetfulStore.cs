using System.Runtime.InteropServices;

namespace ChatKit.Benchmarks;

/// <summary>Numbers messages and keeps nothing of them, so that what is measured is the engine alone.</summary>
internal sealed class ForgetfulStore(IMessageStore inner, TimeProvider time) : IMessageStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<ConversationId, (long Seq, long MembershipVersion)> heads = [];

    public async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        if (!batch.All(static request => request.Header.Kind == EntryKind.Message))
        {
            var results = await inner.AppendAsync(batch, cancellationToken);
            lock (gate)
            {
                for (var i = 0; i < results.Count; i++)
                {
                    heads[batch[i].Conversation] = (results[i].Seq, results[i].MembershipVersion);
                }
            }

            return results;
        }

        return Number(batch);
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        inner.ReadAsync(ranges, cancellationToken);

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        inner.GetHeadsAsync(conversations, cancellationToken);

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken) => inner.CountAsync(ranges, cancellationToken);

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) => inner.ReadFeedAsync(after, limit, cancellationToken);

    private AppendResult[] Number(IReadOnlyList<AppendRequest> batch)
    {
        var results = new AppendResult[batch.Count];
        var now = time.GetUtcNow();
        lock (gate)
        {
            for (var i = 0; i < results.Length; i++)
            {
                ref var head = ref CollectionsMarshal.GetValueRefOrNullRef(heads, batch[i].Conversation);
                head.Seq++;
                results[i] = new AppendResult(AppendOutcome.Appended, head.Seq, now, head.MembershipVersion, 0);
            }
        }

        return results;
    }
}
