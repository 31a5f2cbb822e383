namespace ChatKit.FaultHost.Plants;

/// <summary>Says marks are stored, and stores them later: they are shown before their flush.</summary>
internal sealed class LateReceiptStore(IReceiptStore inner) : IReceiptStore
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(700);

    public ValueTask AdvanceAsync(IReadOnlyList<Receipt> marks, CancellationToken cancellationToken)
    {
        _ = StoreAsync(marks);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<Receipt>>> GetAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        inner.GetAsync(conversations, cancellationToken);

    public ValueTask<IReadOnlyList<Receipt>> GetForUserAsync(UserId user, IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        inner.GetForUserAsync(user, conversations, cancellationToken);

    private async Task StoreAsync(IReadOnlyList<Receipt> marks)
    {
        await Task.Delay(Late, TimeProvider.System, CancellationToken.None);
        await inner.AdvanceAsync(marks, CancellationToken.None);
    }
}
