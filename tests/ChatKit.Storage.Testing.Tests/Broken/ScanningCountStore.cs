namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Counts deleted messages as unread.</summary>
internal sealed class ScanningCountStore(IMessageStore inner) : PassingMessageStore(inner)
{
    public override async ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken)
    {
        List<long> counts = [];
        foreach (var range in ranges)
        {
            var entries = await Inner.ReadAsync(
                [new LogRange(range.Conversation, Math.Max(range.After, 0) + 1, range.To, 10_000)], cancellationToken);
            counts.Add(entries[0].Count(entry => entry.Header.Counts));
        }

        return counts;
    }
}
