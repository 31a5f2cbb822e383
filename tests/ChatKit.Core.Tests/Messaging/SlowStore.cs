namespace ChatKit.Core.Tests.Messaging;

/// <summary>A store that commits two batches at once, and lets a test hold them.</summary>
internal sealed class SlowStore(IMessageStore inner, int useful) : IMessageStore, IParallelAppends
{
    private readonly Lock gate = new();
    private readonly HashSet<ConversationId> appending = [];
    private readonly Dictionary<int, TaskCompletionSource> atOnce = [];
    private Task held = Task.CompletedTask;
    private int present;

    public int UsefulAppends => useful;

    public List<int> Batches { get; } = [];

    public int Most { get; private set; }

    /// <summary>A conversation of which two batches were in the store at once: its order would be anybody's guess.</summary>
    public ConversationId? Twice { get; private set; }

    /// <summary>Appends from now on wait for <paramref name="until"/>.</summary>
    public void Hold(Task until) => held = until;

    /// <summary>Completes when so many appends are in the store.</summary>
    public Task AtOnceAsync(int count)
    {
        lock (gate)
        {
            if (present >= count)
            {
                return Task.CompletedTask;
            }

            if (!atOnce.TryGetValue(count, out var waiter))
            {
                atOnce[count] = waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return waiter.Task;
        }
    }

    public async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        var conversations = batch.Select(static request => request.Conversation).ToHashSet();
        lock (gate)
        {
            Batches.Add(batch.Count);
            Most = Math.Max(Most, ++present);
            foreach (var conversation in conversations.Where(conversation => !appending.Add(conversation)))
            {
                Twice = conversation;
            }

            if (atOnce.Remove(present, out var waiter))
            {
                waiter.SetResult();
            }
        }

        await held.WaitAsync(cancellationToken);
        var results = await inner.AppendAsync(batch, cancellationToken);
        lock (gate)
        {
            present--;
            appending.ExceptWith(conversations);
        }

        return results;
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        inner.ReadAsync(ranges, cancellationToken);

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        inner.GetHeadsAsync(conversations, cancellationToken);

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken) => inner.CountAsync(ranges, cancellationToken);

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) => inner.ReadFeedAsync(after, limit, cancellationToken);
}
