using ChatKit.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>The message store of a host, with the trouble a test wants: it is down, or its answers come late.</summary>
internal sealed class TroubledStore : IMessageStore
{
    private IMessageStore? inner;
    private int reads;

    public bool Fails { get; set; }

    /// <summary>Happens between a read of entries and its answer.</summary>
    public Func<Task>? Meanwhile { get; set; }

    /// <summary>How often entries were read.</summary>
    public int Reads => Volatile.Read(ref reads);

    private IMessageStore Inner => inner ?? throw new InvalidOperationException("The host did not ask for it.");

    public void Wrap(IServiceCollection services) => services.Wrap<IMessageStore>(wrapped =>
    {
        inner = wrapped;
        return this;
    });

    public ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken) =>
        Fails ? throw new ChatStoreException("Down, says the test.", isTransient: false) : Inner.AppendAsync(batch, cancellationToken);

    public async ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref reads);
        var read = await Inner.ReadAsync(ranges, cancellationToken);
        await (Meanwhile?.Invoke() ?? Task.CompletedTask);
        return read;
    }

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetHeadsAsync(conversations, cancellationToken);

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken) =>
        Inner.CountAsync(ranges, cancellationToken);

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) =>
        Inner.ReadFeedAsync(after, limit, cancellationToken);
}
