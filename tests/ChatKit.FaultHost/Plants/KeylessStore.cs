using System.Globalization;

namespace ChatKit.FaultHost.Plants;

/// <summary>Knows no command again: what is sent twice is stored twice.</summary>
internal sealed class KeylessStore(IMessageStore inner) : StoreWrapper(inner)
{
    private const char Mark = '~';
    private long count;

    public override ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken) =>
        Inner.AppendAsync([.. batch.Select(one => one.Header.Kind == EntryKind.Message
            ? one with { Command = new CommandId(one.Command.Value + Mark + Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture)) }
            : one)], cancellationToken);

    public override async ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        [.. (await Inner.ReadAsync(ranges, cancellationToken)).Select(static page => (IReadOnlyList<LogEntry>)[.. page.Select(static entry =>
            entry with { Command = new CommandId(entry.Command.Value.Split(Mark)[0]) })])];
}
