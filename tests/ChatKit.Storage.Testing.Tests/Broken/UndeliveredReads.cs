namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Reading up to n is no delivery up to n: what was only read comes back without its delivery.</summary>
internal sealed class UndeliveredReads(IReceiptStore inner) : IReceiptStore
{
    private readonly Dictionary<(ConversationId, UserId), long> _delivered = [];

    public ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        lock (_delivered)
        {
            foreach (var mark in marks)
            {
                _delivered[(mark.Conversation, mark.User)] = Math.Max(_delivered.GetValueOrDefault((mark.Conversation, mark.User)), mark.Delivered);
            }
        }

        return inner.AdvanceAsync(marks, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        [.. (await inner.GetAsync(conversations, cancellationToken)).Select(marks => marks.Select(Undeliver).ToArray())];

    public async ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        [.. (await inner.GetForUserAsync(user, conversations, cancellationToken)).Select(Undeliver)];

    private Receipt Undeliver(Receipt mark)
    {
        lock (_delivered)
        {
            return mark with { Delivered = _delivered.GetValueOrDefault((mark.Conversation, mark.User)) };
        }
    }
}
