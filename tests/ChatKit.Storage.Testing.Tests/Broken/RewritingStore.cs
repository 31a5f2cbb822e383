namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Loses a difference on the way in: every request, and every id asked for, is rewritten.</summary>
internal sealed class RewritingStore(
    IMessageStore inner, Func<AppendRequest, AppendRequest> rewrite, Func<ConversationId, ConversationId>? rewriteId = null)
    : PassingMessageStore(inner)
{
    public override ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken) =>
        Inner.AppendAsync([.. batch.Select(rewrite)], cancellationToken);

    public override ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        Inner.ReadAsync([.. ranges.Select(range => range with { Conversation = Id(range.Conversation) })], cancellationToken);

    public override ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        Inner.GetHeadsAsync([.. conversations.Select(Id)], cancellationToken);

    private ConversationId Id(ConversationId id) => rewriteId?.Invoke(id) ?? id;
}
