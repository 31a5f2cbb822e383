using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatKit.InMemory;

/// <summary>The backplane of one process: every subscriber, the sender included, has the hints when <see cref="PublishAsync"/> completes.</summary>
internal sealed partial class InMemoryBackplane(ILogger<InMemoryBackplane>? logger = null) : IBackplane
{
    private readonly ILogger _logger = logger ?? NullLogger<InMemoryBackplane>.Instance;
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>For tests: hints for which it answers true are lost on the way to that handler, without a word.</summary>
    public Func<IBackplaneHandler, BackplaneMessage, bool>? Drop { get; set; }

    public async ValueTask PublishAsync(IReadOnlyList<BackplaneMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        if (messages.Count == 0)
        {
            return;
        }

        foreach (var subscription in _subscriptions)
        {
            var handler = subscription.Handler;
            var passed = Drop is { } drop ? [.. messages.Where(message => !drop(handler, message))] : messages;
            if (passed.Count > 0)
            {
                await DeliverAsync(handler, passed);
            }
        }
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(IBackplaneHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IAsyncDisposable>(cancellationToken);
        }

        var subscription = new Subscription(this, handler);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, added) => all.Add(added), subscription);
        return ValueTask.FromResult<IAsyncDisposable>(subscription);
    }

    /// <summary>For tests: tells every subscriber that hints may have been lost.</summary>
    public async ValueTask InterruptAsync()
    {
        foreach (var subscription in _subscriptions)
        {
            await subscription.Handler.OnInterruptedAsync();
        }
    }

    private async ValueTask DeliverAsync(IBackplaneHandler handler, IReadOnlyList<BackplaneMessage> messages)
    {
        try
        {
            await handler.OnMessagesAsync(messages);
        }
        catch (Exception exception)
        {
            // One node's failure is not the sender's, nor the other nodes'.
            LogHandlerFailed(_logger, messages.Count, exception);
        }
    }

    [LoggerMessage(EventId = 1901, EventName = "InMemoryBackplaneHandlerFailed", Level = LogLevel.Error,
        Message = "A subscriber of the in-memory backplane failed on {Count} hints; the others got them.")]
    private static partial void LogHandlerFailed(ILogger logger, int count, Exception exception);

    private sealed class Subscription(InMemoryBackplane backplane, IBackplaneHandler handler) : IAsyncDisposable
    {
        public IBackplaneHandler Handler { get; } = handler;

        public ValueTask DisposeAsync()
        {
            ImmutableInterlocked.Update(ref backplane._subscriptions, static (all, gone) => all.Remove(gone), this);
            return ValueTask.CompletedTask;
        }
    }
}
