using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChatKit.Storage.LiteDb;

/// <summary>The open database: reads pass a gate, writes go to the one writer thread, which puts what waits together into one
/// transaction. Thread-safe. Opening and closing block.</summary>
internal sealed class LiteDbDatabase : IDisposable
{
    private readonly LiteDbOptions _options;
    private readonly ILogger _logger;
    private readonly Disk _disk;
    private readonly GuardFile _guard;
    private readonly ReadGate _gate = new();
    private readonly Channel<WorkItem> _queue;
    private readonly Thread _thread;

    // Written by the writer thread while no reader is inside the gate; null while the files cannot be opened.
    private volatile EngineFile? _file;
    private volatile bool _needsReopen;
    private EngineFile? _failed;
    private WriteSession _session;
    private long _feedEnd;
    private int _disposed;

    public LiteDbDatabase(IOptions<LiteDbOptions> options, TimeProvider time, ILoggerFactory? loggers = null, Disk? disk = null)
    {
        _disk = disk ?? new Disk();
        _options = options.Value;
        Time = time;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<LiteDbDatabase>();
        Files = DatabaseFiles.Of(_options);
        Directory.CreateDirectory(Path.GetDirectoryName(Files.Database)!);
        _guard = GuardFile.Open(_disk, Files.Guard, Files.Database);
        try
        {
            _file = EngineFile.Open(_disk, Files, _guard, time, _logger);
            _session = new WriteSession(_file.Engine, time);
            _feedEnd = _session.FeedEnd;
            Incarnation = Schema.Incarnation(_session);
        }
        catch
        {
            _file?.Dispose();
            _guard.Dispose();
            throw;
        }

        _queue = Channel.CreateBounded<WorkItem>(new BoundedChannelOptions(_options.QueueCapacity) { SingleReader = true });
        _thread = new Thread(Write) { IsBackground = true, Name = "ChatKit LiteDB writer" };
        _thread.Start();
    }

    public DatabaseFiles Files { get; }

    public TimeProvider Time { get; }

    public string Incarnation { get; }

    /// <summary>The end of the feed as far as it is durable.</summary>
    public long FeedEnd => Interlocked.Read(ref _feedEnd);

    /// <summary>How many transactions were committed since opening.</summary>
    public long Commits { get; private set; }

    /// <summary>Reads one durable state of all collections. Keep it short: everything else waits for it.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<DocumentSession, T> read, CancellationToken cancellationToken)
    {
        if (_disposed != 0)
        {
            throw Closed();
        }

        await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // On a pool thread: LiteDB blocks, and its transactions belong to the thread. Fairly: otherwise reads that follow each
            // other keep the pool's threads on their own queues, and LiteDB's task that writes the log waits behind them.
            return await Task.Factory.StartNew(
                () => Read(read), CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Writes in the next transaction; completes when it is durable.</summary>
    /// <param name="rows">About how many documents are written.</param>
    /// <param name="write">The work; may be called again after a rollback.</param>
    /// <param name="cancellationToken">Stops the waiting; once queued the work is done or not as if nobody had cancelled.</param>
    public async ValueTask<T> WriteAsync<T>(int rows, Func<WriteSession, T> write, CancellationToken cancellationToken)
    {
        var item = new WorkItem<T>(rows, write);
        try
        {
            await _queue.Writer.WriteAsync(item, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw Closed(e);
        }

        return await item.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finishes what is queued, moves the log into the database file and closes.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _queue.Writer.Complete();
            _thread.Join();
        }
    }

    private static ChatStoreException Closed(Exception? inner = null) => new("The chat database is closed.", isTransient: false, inner);

    private T Read<T>(Func<DocumentSession, T> read)
    {
        if (_file is not { } file)
        {
            AskForReopening();
            throw new ChatStoreException("The files of the chat database cannot be opened.", isTransient: true);
        }

        try
        {
            return read(new DocumentSession(file.Engine));
        }
        catch (Exception e)
        {
            if (Faults.NeedsReopen(e))
            {
                _needsReopen = true;
                AskForReopening();
            }

            throw Faults.Translate(e);
        }
    }

    /// <summary>The writer opens the file anew before its next commit; when nobody writes, this is the next. A full queue has one.</summary>
    private void AskForReopening() => _queue.Writer.TryWrite(new WorkItem<int>(0, static _ => 0));

    private void Write()
    {
        var items = new List<WorkItem>();
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            items.Clear();
            var rows = 0;
            while (rows < _options.MaxRowsPerCommit && _queue.Reader.TryPeek(out var next)
                && (items.Count == 0 || rows + next.Rows <= _options.MaxRowsPerCommit) && _queue.Reader.TryRead(out next))
            {
                items.Add(next);
                rows += next.Rows;
            }

            CommitTogether(items);
            if (_file is { } file && file.LogPages >= _options.CheckpointPages)
            {
                Checkpoint(file);
            }
        }

        Close();
    }

    private void CommitTogether(List<WorkItem> items)
    {
        try
        {
            Commit(items);
            items.ForEach(static item => item.Complete());
        }
        catch (Exception e) when (items.Count > 1)
        {
            // One of them is bad, or the disk is: alone, each meets only its own fault.
            Log.CommitFailed(_logger, items.Count, e);
            RollBack(e);
            items.ForEach(CommitAlone);
        }
        catch (Exception e)
        {
            RollBack(e);
            items[0].Fail(Faults.Translate(e));
        }
    }

    private void CommitAlone(WorkItem item)
    {
        try
        {
            Commit([item]);
            item.Complete();
        }
        catch (Exception e)
        {
            RollBack(e);
            item.Fail(Faults.Translate(e));
        }
    }

    private void Commit(List<WorkItem> items)
    {
        _gate.Close();
        try
        {
            var file = _needsReopen || _file is null ? Reopen() : _file;
            file.Engine.BeginTrans();
            items.ForEach(item => item.Execute(_session));
            _session.Flush();
            Publish(file);
        }
        finally
        {
            _gate.Open();
        }
    }

    private void Publish(EngineFile file)
    {
        try
        {
            file.Commit(_session.FeedEnd);
            Interlocked.Exchange(ref _feedEnd, _session.FeedEnd);
            Commits++;
        }
        catch
        {
            // LiteDB may think it committed; opening anew cuts off what was not acknowledged. Until then nobody may read it.
            _needsReopen = true;
            _failed = file;
            _file = null;
            throw;
        }
    }

    private void RollBack(Exception fault)
    {
        if (_file is not { } file)
        {
            return;
        }

        _needsReopen |= Faults.NeedsReopen(fault) || file.HasFailed;
        if (_needsReopen)
        {
            return;
        }

        _gate.Close();
        try
        {
            file.Engine.Rollback();
            _session = new WriteSession(file.Engine, Time);
        }
        catch (Exception e)
        {
            Log.CommitFailed(_logger, 0, e);
            _needsReopen = true;
        }
        finally
        {
            _gate.Open();
        }
    }

    /// <summary>After a fault of the disk or the driver, with the gate closed: opening cuts the log to what was acknowledged, so that what failed is
    /// certainly not stored.</summary>
    private EngineFile Reopen()
    {
        try
        {
            var old = _file ?? _failed;
            (_file, _failed) = (null, null);
            old?.Dispose();
            var file = EngineFile.Open(_disk, Files, _guard, Time, _logger);
            _session = new WriteSession(file.Engine, Time);
            _needsReopen = false;
            return _file = file;
        }
        catch (Exception e)
        {
            Log.ReopenFailed(_logger, e);
            throw Faults.Translate(e);
        }
    }

    private void Checkpoint(EngineFile file)
    {
        _gate.Close();
        try
        {
            file.Checkpoint();
        }
        catch (Exception e)
        {
            Log.CheckpointFailed(_logger, e);
            _needsReopen = true;
        }
        finally
        {
            _gate.Open();
        }
    }

    private void Close()
    {
        _gate.Close();
        var file = _file ?? _failed;
        try
        {
            // A log that cannot be moved stays; the next start reads it. The engine is closed all the same.
            if (_file is not null && !_needsReopen)
            {
                _file.Checkpoint();
            }
        }
        catch (Exception e)
        {
            Log.CheckpointFailed(_logger, e);
        }

        try
        {
            _file = null;
            file?.Dispose();
        }
        catch (Exception e)
        {
            Log.CloseFailed(_logger, e);
        }
        finally
        {
            _guard.Dispose();
            _gate.Open();
        }
    }
}
