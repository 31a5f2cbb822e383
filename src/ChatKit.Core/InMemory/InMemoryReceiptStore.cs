namespace ChatKit.InMemory;

/// <summary>Delivered and read marks in memory.</summary>
internal sealed class InMemoryReceiptStore : IReceiptStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ConversationId, Dictionary<UserId, Receipt>> _marks = [];

    public ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(marks);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            foreach (var mark in marks)
            {
                Advance(mark);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(
        IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<IReadOnlyList<Receipt>>>(cancellationToken);
        }

        var results = new IReadOnlyList<Receipt>[conversations.Count];
        lock (_lock)
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = _marks.TryGetValue(conversations[i], out var users) ? [.. users.Values] : [];
            }
        }

        return ValueTask.FromResult<IReadOnlyList<IReadOnlyList<Receipt>>>(results);
    }

    public ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(
        UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<IReadOnlyList<Receipt>>(cancellationToken);
        }

        var results = new Receipt[conversations.Count];
        lock (_lock)
        {
            for (var i = 0; i < results.Length; i++)
            {
                results[i] = _marks.TryGetValue(conversations[i], out var users) && users.TryGetValue(user, out var mark)
                    ? mark
                    : new Receipt(conversations[i], user, 0, 0);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<Receipt>>(results);
    }

    private void Advance(Receipt mark)
    {
        if (mark.Delivered <= 0 && mark.Read <= 0)
        {
            return;
        }

        if (!_marks.TryGetValue(mark.Conversation, out var users))
        {
            _marks.Add(mark.Conversation, users = []);
        }

        var old = users.GetValueOrDefault(mark.User);
        var read = Math.Max(old.Read, mark.Read);
        users[mark.User] = new Receipt(mark.Conversation, mark.User, Math.Max(Math.Max(old.Delivered, mark.Delivered), read), read);
    }
}
