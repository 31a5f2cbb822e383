namespace ChatKit.Core.Tests.Messaging;

/// <summary>A backplane that notes what a test asks when a conversation's entries go out.</summary>
internal sealed class WatchedBackplane(IBackplane inner) : IBackplane
{
    private readonly Lock gate = new();
    private readonly List<int> seen = [];
    private (ConversationId Conversation, Func<int> Ask)? watch;

    public int[] Seen
    {
        get
        {
            lock (gate)
            {
                return [.. seen];
            }
        }
    }

    public void Watch(ConversationId conversation, Func<int> ask) => watch = (conversation, ask);

    public ValueTask PublishAsync(IReadOnlyList<BackplaneMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var appended in messages.OfType<EntriesAppended>())
        {
            if (watch is { } watched && appended.Conversation == watched.Conversation)
            {
                lock (gate)
                {
                    seen.Add(watched.Ask());
                }
            }
        }

        return inner.PublishAsync(messages, cancellationToken);
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(IBackplaneHandler handler, CancellationToken cancellationToken) => inner.SubscribeAsync(handler, cancellationToken);
}
