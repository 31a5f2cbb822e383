using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Draws the Seq before it judges: a refused item leaves a gap.</summary>
internal sealed class GapOnRefusalStore(IMessageStore inner) : PassingMessageStore(inner)
{
    private readonly ConcurrentDictionary<ConversationId, long> _lost = new();

    public override async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        var results = await Inner.AppendAsync(batch, cancellationToken);
        return [.. batch.Zip(results, (request, result) => result.Seq == 0
            ? Lose(request.Conversation, result)
            : result with { Seq = result.Seq + _lost.GetValueOrDefault(request.Conversation) })];
    }

    private AppendResult Lose(ConversationId conversation, AppendResult result)
    {
        _lost.AddOrUpdate(conversation, 1, (_, lost) => lost + 1);
        return result;
    }
}
