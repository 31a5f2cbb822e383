using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>The last write wins: a mark moves back.</summary>
internal sealed class BackwardReceipts : IReceiptStore
{
    private readonly ConcurrentDictionary<(ConversationId Conversation, UserId User), Receipt> _marks = new();

    public ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        foreach (var mark in marks)
        {
            _marks[(mark.Conversation, mark.User)] = mark with { Delivered = Math.Max(mark.Delivered, mark.Read) };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<IReadOnlyList<Receipt>>>(
            [.. conversations.Select(id => _marks.Values.Where(mark => mark.Conversation == id).ToArray())]);

    public ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Receipt>>(
            [.. conversations.Select(id => _marks.GetValueOrDefault((id, user), new Receipt(id, user, 0, 0)))]);
}
