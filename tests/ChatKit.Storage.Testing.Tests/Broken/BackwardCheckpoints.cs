using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>The last save wins: a consumer's position moves back.</summary>
internal sealed class BackwardCheckpoints : IFeedCheckpointStore
{
    private readonly ConcurrentDictionary<string, long> _positions = new(StringComparer.Ordinal);

    public ValueTask<long?> GetCheckpointAsync(string consumer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_positions.TryGetValue(consumer, out var position) ? position : (long?)null);

    public ValueTask SaveCheckpointAsync(string consumer, long position, CancellationToken cancellationToken)
    {
        _positions[consumer] = position;
        return ValueTask.CompletedTask;
    }
}
