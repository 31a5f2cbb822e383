using System.Collections.Concurrent;
using System.Threading.Channels;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>One backplane for the hosts of a test: each has a queue of its own, as nodes at a broker have. Loses what the test wants lost.</summary>
internal sealed class SharedBackplane : IBackplane, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Subscription, byte> subscriptions = new();

    /// <summary>Hints for which it answers true are lost on the way to all nodes.</summary>
    public Func<BackplaneMessage, bool> Loses { get; set; } = _ => false;

    public ValueTask PublishAsync(IReadOnlyList<BackplaneMessage> messages, CancellationToken cancellationToken)
    {
        BackplaneMessage[] passed = [.. messages.Where(message => !Loses(message))];
        foreach (var subscription in subscriptions.Keys)
        {
            if (passed.Length > 0)
            {
                subscription.Queue.Writer.TryWrite(passed);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(IBackplaneHandler handler, CancellationToken cancellationToken)
    {
        var subscription = new Subscription(this, handler);
        subscriptions.TryAdd(subscription, 0);
        return ValueTask.FromResult<IAsyncDisposable>(subscription);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subscription in subscriptions.Keys)
        {
            await subscription.DisposeAsync();
        }
    }

    private sealed class Subscription : IAsyncDisposable
    {
        private readonly SharedBackplane owner;
        private readonly Task running;

        public Subscription(SharedBackplane owner, IBackplaneHandler handler)
        {
            this.owner = owner;
            running = Task.Run(async () =>
            {
                await foreach (var messages in Queue.Reader.ReadAllAsync())
                {
                    await handler.OnMessagesAsync(messages);
                }
            });
        }

        public Channel<IReadOnlyList<BackplaneMessage>> Queue { get; } = Channel.CreateUnbounded<IReadOnlyList<BackplaneMessage>>();

        public async ValueTask DisposeAsync()
        {
            owner.subscriptions.TryRemove(this, out _);
            Queue.Writer.TryComplete();
            await running;
        }
    }
}
