using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Draws the Seq from a sequence outside the transaction: an append that is rolled back, as its caller left, leaves a gap.</summary>
internal sealed class GapOnRollbackStore(IMessageStore inner) : PassingMessageStore(inner)
{
    private readonly ConcurrentDictionary<ConversationId, long> _lost = new();

    public override async ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            var results = await Inner.AppendAsync(batch, cancellationToken);
            return [.. batch.Zip(results, (request, result) => result with
            {
                Seq = result.Seq == 0 ? 0 : result.Seq + _lost.GetValueOrDefault(request.Conversation),
            })];
        }
        catch (OperationCanceledException)
        {
            foreach (var request in batch)
            {
                _lost.AddOrUpdate(request.Conversation, 1, (_, lost) => lost + 1);
            }

            throw;
        }
    }
}
