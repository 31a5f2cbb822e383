using LiteDB;
using LiteDB.Engine;
using Microsoft.Extensions.Logging;

namespace ChatKit.Storage.LiteDb;

/// <summary>An open LiteDB engine with its log, and the one way to commit: after <see cref="Commit"/> everything is on the disk.
/// Used by the writer thread only, but for <see cref="Engine"/>, which serves readers.</summary>
internal sealed class EngineFile : IDisposable
{
    private const int PageSize = 8192;
    private readonly DatabaseFiles _files;
    private readonly GuardFile _guard;
    private readonly LogFileStream _log;

    private EngineFile(DatabaseFiles files, GuardFile guard, LogFileStream log, LiteEngine engine)
    {
        _files = files;
        _guard = guard;
        _log = log;
        Engine = engine;
    }

    public LiteEngine Engine { get; }

    /// <summary>The length of the log in pages.</summary>
    public long LogPages => _log.Length / PageSize;

    public static EngineFile Open(DatabaseFiles files, GuardFile guard, TimeProvider time, ILogger logger)
    {
        LogFileStream? log = null;
        LiteEngine? engine = null;
        try
        {
            var exists = new FileInfo(files.Database) is { Exists: true, Length: > 0 };
            if (!exists && new FileInfo(files.Log) is { Exists: true, Length: > 0 })
            {
                throw new ChatStoreException(
                    $"'{files.Database}' is missing, but its log '{files.Log}' is there and holds accepted messages: " +
                    "put the database file back, or move the log away to begin with an empty database.", isTransient: false);
            }

            var noted = guard.Record;
            log = new LogFileStream(files.Log, exists ? noted?.LogLength : null,
                length => guard.Write(new GuardRecord(length, guard.Record?.FeedEnd ?? 0)));
            engine = new LiteEngine(new EngineSettings { Filename = files.Database, LogStream = log, Collation = Collation.Binary });
            var file = new EngineFile(files, guard, log, engine);
            Schema.Prepare(file, exists, noted, time, logger);
            return file;
        }
        catch (Exception e)
        {
            engine?.Dispose();
            log?.Dispose();
            throw e is ChatStoreException or IOException or UnauthorizedAccessException
                ? Faults.Translate(e)
                : new ChatStoreException($"'{files.Database}' could not be opened as a chat database: {e.Message}", isTransient: false, e);
        }
    }

    /// <summary>Commits this thread's transaction and returns when it is on the disk and noted as acknowledged.</summary>
    public void Commit(long feedEnd)
    {
        Engine.Commit();
        Acknowledge(feedEnd);
    }

    /// <summary>Moves the log into the database file. No transaction may be open.</summary>
    public void Checkpoint()
    {
        // A rollback leaves pages in the log, too: they must count as acknowledged before they reach the database file.
        Acknowledge(_guard.Record?.FeedEnd ?? 0);
        Engine.Checkpoint();
    }

    public void Dispose()
    {
        Engine.Dispose();
        var empty = _log.Length == 0;
        _log.Dispose();
        if (empty)
        {
            File.Delete(_files.Log);
        }
    }

    private void Acknowledge(long feedEnd)
    {
        var record = new GuardRecord(LogLength(), feedEnd);
        if (record != _guard.Record)
        {
            _log.WaitAndFlush(record.LogLength);
            _guard.Write(record);
        }
    }

    /// <summary>The length the log will have when LiteDB's background task has written it: from the documented <c>$database</c> collection.</summary>
    private long LogLength() => (uint)new DocumentSession(Engine).All("$database").First()["logFileSize"].AsInt32;
}
