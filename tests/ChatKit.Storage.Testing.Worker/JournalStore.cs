using System.Text;
using System.Text.Json;
using ChatKit.InMemory;

namespace ChatKit.Storage.Testing.Journaling;

/// <summary>The in-memory store with a journal: every batch is a line of a file, read again at the start. It serves one process.</summary>
internal sealed class JournalStore : IMessageStore, IDisposable
{
    private readonly Lock _lock = new();
    private readonly JournalClock _clock = new();
    private readonly InMemoryMessageStore _memory;
    private readonly FileStream _file;
    private readonly StreamWriter _writer;
    private readonly JournalFault _fault;
    private readonly TimeProvider _time;

    public JournalStore(string path, JournalFault fault, TimeProvider time)
    {
        (_fault, _time, _memory) = (fault, time, new InMemoryMessageStore(_clock));
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, fault == JournalFault.Unlocked ? FileShare.ReadWrite : FileShare.None);
        }
        catch (IOException exception)
        {
            throw new ChatStoreException("The journal is in use.", isTransient: false, exception);
        }

        Replay();
        _writer = new StreamWriter(_file, new UTF8Encoding(false), bufferSize: 256 * 1024);
    }

    public ValueTask<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<AppendRequest> batch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _clock.Now = _time.GetUtcNow();
            var results = _memory.AppendAsync(batch, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            _writer.WriteLine(JsonSerializer.Serialize(batch.Select(request => JournalLine.From(request, _clock.Now))));
            if (_fault != JournalFault.Unflushed)
            {
                _writer.Flush();
                _file.Flush(flushToDisk: true);
            }

            return ValueTask.FromResult(results);
        }
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<LogEntry>>> ReadAsync(IReadOnlyList<LogRange> ranges, CancellationToken cancellationToken) =>
        _memory.ReadAsync(ranges, cancellationToken);

    public ValueTask<IReadOnlyList<LogHead?>> GetHeadsAsync(IReadOnlyList<ConversationId> conversations, CancellationToken cancellationToken) =>
        _memory.GetHeadsAsync(conversations, cancellationToken);

    public ValueTask<IReadOnlyList<long>> CountAsync(IReadOnlyList<LogSpan> ranges, CancellationToken cancellationToken) =>
        _memory.CountAsync(ranges, cancellationToken);

    public ValueTask<FeedPage> ReadFeedAsync(long after, int limit, CancellationToken cancellationToken) =>
        _memory.ReadFeedAsync(after, limit, cancellationToken);

    public void Dispose()
    {
        lock (_lock)
        {
            _writer.Dispose();
        }
    }

    /// <summary>What was judged before is judged again, and comes out the same. A torn last line was not answered: it is cut off.</summary>
    private void Replay()
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var batch = JsonSerializer.Deserialize<JournalLine[]>(line)!;
            if (batch.Length > 0)
            {
                _clock.Now = batch[0].Now;
                _memory.AppendAsync([.. batch.Select(item => item.ToRequest())], CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
        }

        _file.SetLength(end);
        _file.Seek(0, SeekOrigin.End);
    }
}
