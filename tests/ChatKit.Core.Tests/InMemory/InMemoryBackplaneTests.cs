using System.Collections.Concurrent;
using ChatKit.InMemory;

namespace ChatKit.Core.Tests.InMemory;

/// <summary>Rule 11.</summary>
public sealed class InMemoryBackplaneTests
{
    private static readonly TypingChanged Hint = new(new ConversationId("c"), new UserId("ann"), null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_subscriber_has_the_hints_when_publishing_completes()
    {
        var backplane = new InMemoryBackplane();
        var (one, other) = (new Node(), new Node());
        await using var first = await backplane.SubscribeAsync(one, Token);
        await using var second = await backplane.SubscribeAsync(other, Token);
        await backplane.PublishAsync([Hint, Hint], Token);
        await backplane.PublishAsync([], Token);
        Assert.Equal(2, one.Messages.Count);
        Assert.Equal(2, other.Messages.Count);
    }

    [Fact]
    public async Task One_who_unsubscribed_gets_no_more()
    {
        var backplane = new InMemoryBackplane();
        var node = new Node();
        var subscription = await backplane.SubscribeAsync(node, Token);
        await subscription.DisposeAsync();
        await subscription.DisposeAsync();
        await backplane.PublishAsync([Hint], Token);
        Assert.Empty(node.Messages);
    }

    [Fact]
    public async Task A_failing_subscriber_fails_nobody_else()
    {
        var backplane = new InMemoryBackplane();
        var node = new Node();
        await using var failing = await backplane.SubscribeAsync(new Node { Fails = true }, Token);
        await using var working = await backplane.SubscribeAsync(node, Token);
        await backplane.PublishAsync([Hint], Token);
        Assert.Single(node.Messages);
    }

    [Fact]
    public async Task A_test_may_lose_hints_and_interrupt()
    {
        var backplane = new InMemoryBackplane();
        var (one, other) = (new Node(), new Node());
        await using var first = await backplane.SubscribeAsync(one, Token);
        await using var second = await backplane.SubscribeAsync(other, Token);
        backplane.Drop = (handler, _) => handler == one;
        await backplane.PublishAsync([Hint], Token);
        Assert.Empty(one.Messages);
        Assert.Single(other.Messages);
        await backplane.InterruptAsync();
        Assert.Equal((1, 1), (one.Interruptions, other.Interruptions));
    }

    [Fact]
    public async Task A_handler_may_publish_and_unsubscribe()
    {
        var backplane = new InMemoryBackplane();
        var node = new Node();
        var subscription = await backplane.SubscribeAsync(node, Token);
        node.OnMessage = async () =>
        {
            await subscription.DisposeAsync();
            await backplane.PublishAsync([Hint], Token);
        };
        await backplane.PublishAsync([Hint], Token);
        Assert.Single(node.Messages);
    }

    private sealed class Node : IBackplaneHandler
    {
        private int _interruptions;

        public ConcurrentQueue<BackplaneMessage> Messages { get; } = new();

        public int Interruptions => _interruptions;

        public bool Fails { get; init; }

        public Func<Task>? OnMessage { get; set; }

        public async ValueTask OnMessagesAsync(IReadOnlyList<BackplaneMessage> messages)
        {
            if (Fails)
            {
                throw new InvalidOperationException("This node is ill.");
            }

            foreach (var message in messages)
            {
                Messages.Enqueue(message);
            }

            await (OnMessage?.Invoke() ?? Task.CompletedTask);
        }

        public ValueTask OnInterruptedAsync()
        {
            Interlocked.Increment(ref _interruptions);
            return ValueTask.CompletedTask;
        }
    }
}
