namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Reads the entries of an edited message where it should read the message: an edit carries its own assets over.</summary>
internal sealed class ReplacedAssetsStore(IMessageStore inner) : PassingMessageStore(inner)
{
    public override async ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken)
    {
        List<IReadOnlyList<LogEntry>> answers = [];
        foreach (var (range, entries) in ranges.Zip(await Inner.ReadAsync(ranges, cancellationToken)))
        {
            List<LogEntry> changed = [];
            foreach (var entry in entries)
            {
                var edit = range.View == LogView.Messages && !entry.Erased && entry.Version != entry.Seq
                    ? (await Inner.ReadAsync([new LogRange(range.Conversation, entry.Version, entry.Version, 1)], cancellationToken))[0]
                    : [];
                changed.Add(edit.Count == 0 ? entry : entry with { Header = entry.Header with { Assets = edit[0].Header.Assets } });
            }

            answers.Add(changed);
        }

        return answers;
    }
}
