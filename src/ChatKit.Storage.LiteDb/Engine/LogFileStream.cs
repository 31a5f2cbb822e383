namespace ChatKit.Storage.LiteDb;

/// <summary>The log file as LiteDB sees it (<c>EngineSettings.LogStream</c>). LiteDB hands committed pages to a background task, so
/// its Commit returns before they are on the disk; here the writer thread waits for them and flushes once a commit.</summary>
internal sealed class LogFileStream : Stream
{
    private static readonly TimeSpan PatienceWithoutProgress = TimeSpan.FromSeconds(30);

    private readonly FileStream _file;
    private readonly Lock _state = new();
    private readonly ManualResetEventSlim _changed = new(initialState: false);
    private readonly Action<long> _beforeShrink;
    private long _position;
    private long _length;
    private Exception? _fault;

    /// <param name="path">The log file.</param>
    /// <param name="acknowledged">How much of it to keep; null for all.</param>
    /// <param name="beforeShrink">Called with the new length before the log is cut after a checkpoint.</param>
    public LogFileStream(string path, long? acknowledged, Action<long> beforeShrink)
    {
        _beforeShrink = beforeShrink;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1, FileOptions.RandomAccess);
        if (acknowledged is { } keep && _file.Length > keep)
        {
            _file.SetLength(keep);
            _file.Flush(flushToDisk: true);
        }

        _length = _file.Length;
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

        RandomAccess.FlushToDisk(_file.SafeFileHandle);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // LiteDB serialises Position, Read and Write with a lock on this stream.
    public override int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(_file.SafeFileHandle, buffer, _position);
        _position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, buffer, _position);
        }
        catch (Exception e)
        {
            lock (_state)
            {
                _fault = e;
                _changed.Set();
            }

            // An IOException makes LiteDB close itself; over others it would wait for ever.
            if (e is IOException)
            {
                throw;
            }

            throw new IOException("The log could not be written.", e);
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
