namespace ChatKit.Storage.LiteDb;

/// <summary>The log file as LiteDB sees it (<c>EngineSettings.LogStream</c>). LiteDB hands committed pages to a background task, so
/// its Commit returns before they are on the disk; here the writer thread waits for them and flushes once a commit.</summary>
internal sealed class LogFileStream : Stream
{
    private static readonly TimeSpan PatienceWithoutProgress = TimeSpan.FromSeconds(30);

    private readonly DiskFile _file;
    private readonly Lock _state = new();
    private readonly ManualResetEventSlim _changed = new(initialState: false);
    private readonly Action<long> _beforeShrink;
    private long _position;
    private long _length;
    private Exception? _fault;

    /// <param name="file">The log file; closed with the stream.</param>
    /// <param name="acknowledged">How much of it to keep; null for all.</param>
    /// <param name="beforeShrink">Called with the new length before the log is cut after a checkpoint.</param>
    public LogFileStream(DiskFile file, long? acknowledged, Action<long> beforeShrink)
    {
        _beforeShrink = beforeShrink;
        _file = file;
        try
        {
            if (acknowledged is { } keep && _file.Length > keep)
            {
                _file.SetLength(keep);
                _file.Flush();
            }

            _length = _file.Length;
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => Interlocked.Read(ref _length);

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>Whether a write failed: what LiteDB then takes for written is not, so it must be opened anew.</summary>
    public bool HasFailed
    {
        get
        {
            lock (_state)
            {
                return _fault is not null;
            }
        }
    }

    /// <summary>Waits until LiteDB's background task has written the log up to a length, then flushes it to the disk.</summary>
    public void WaitAndFlush(long length)
    {
        while (true)
        {
            lock (_state)
            {
                if (_fault is not null)
                {
                    throw new IOException("The log could not be written.", _fault);
                }

                if (_length >= length)
                {
                    break;
                }

                _changed.Reset();
            }

            // LiteDB's task writes at once; when it has died of something else than this stream, nothing would ever come.
            if (!_changed.Wait(PatienceWithoutProgress))
            {
                throw new IOException($"LiteDB has not written its log up to {length} bytes within {PatienceWithoutProgress.TotalSeconds} s.");
            }
        }

        _file.Flush();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // LiteDB serialises Position, Read and Write with a lock on this stream.
    public override int Read(Span<byte> buffer)
    {
        var read = _file.Read(buffer, _position);
        _position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _file.Write(buffer, _position);
        }
        catch (Exception e)
        {
            // LiteDB's task must not see it: it would close the engine from within and wait for itself, a thread lost for ever.
            // The commit that waits for these pages fails instead, and the file is opened anew.
            lock (_state)
            {
                _fault ??= e;
                _changed.Set();
            }

            _position += buffer.Length;
            return;
        }

        _position += buffer.Length;
        lock (_state)
        {
            _length = Math.Max(_length, _position);
            _changed.Set();
        }
    }

    /// <summary>Does nothing: <see cref="WaitAndFlush"/> flushes, once a commit instead of once a page.</summary>
    public override void Flush()
    {
    }

    public override void SetLength(long value)
    {
        _beforeShrink(value);
        _file.SetLength(value);
        lock (_state)
        {
            _length = value;
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _changed.Dispose();
        }

        base.Dispose(disposing);
    }
}
