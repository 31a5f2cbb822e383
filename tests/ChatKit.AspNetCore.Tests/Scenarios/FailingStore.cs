using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Scenarios;

/// <summary>The message store of a host, down when a test says so.</summary>
internal sealed class FailingStore : IMessageStore
{
    private IMessageStore inner = null!;

    public bool Fails { get; set; }

    public void Wrap(IServiceCollection services)
    {
        var before = services.Last(service => service.ServiceType == typeof(IMessageStore));
        services.AddSingleton<IMessageStore>(provider =>
        {
            inner = (IMessageStore)(before.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, before.ImplementationType!));
            return this;
        });
    }

    public ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken) =>
        Fails ? throw new ChatStoreException("Down, says the test.", isTransient: false) : inner.AppendAsync(batch, cancellationToken);

    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        inner.ReadAsync(ranges, cancellationToken);

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        inner.GetHeadsAsync(conversations, cancellationToken);

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken) =>
        inner.CountAsync(ranges, cancellationToken);

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadFeedAsync(after, limit, cancellationToken);
}
