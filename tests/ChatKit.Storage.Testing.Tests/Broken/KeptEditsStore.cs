using System.Collections.Concurrent;

namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>A deletion erases the message and forgets its edits.</summary>
internal sealed class KeptEditsStore(IMessageStore inner) : PassingMessageStore(inner)
{
    private readonly ConcurrentDictionary<CommandId, ReadOnlyMemory<byte>> _edits = new();

    public override ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        foreach (var request in batch.Where(request => request.Header.Kind == EntryKind.Edit))
        {
            _edits[request.Command] = request.Body.ToArray();
        }

        return Inner.AppendAsync(batch, cancellationToken);
    }

    public override async ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        [.. (await Inner.ReadAsync(ranges, cancellationToken)).Select(entries => entries.Select(Restore).ToArray())];

    private LogEntry Restore(LogEntry entry) => _edits.TryGetValue(entry.Command, out var body) ? entry with { Body = body, Erased = false } : entry;
}
