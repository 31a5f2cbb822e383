using System.Collections.Concurrent;

namespace ChatKit.FaultHost.Plants;

/// <summary>Keeps the last mark it was given, not the highest: marks move back.</summary>
internal sealed class LastValueReceiptStore(IReceiptStore inner) : IReceiptStore
{
    private readonly ConcurrentDictionary<(ConversationId, UserId), Receipt> last = new();

    public ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        foreach (var mark in marks)
        {
            last[(mark.Conversation, mark.User)] = mark;
        }

        return inner.AdvanceAsync(marks, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        [.. (await inner.GetAsync(conversations, cancellationToken)).Select(marks => (IReadOnlyList<Receipt>)[.. marks.Select(Last)])];

    public async ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        [.. (await inner.GetForUserAsync(user, conversations, cancellationToken)).Select(Last)];

    private Receipt Last(Receipt stored) => last.GetValueOrDefault((stored.Conversation, stored.User), stored);
}
