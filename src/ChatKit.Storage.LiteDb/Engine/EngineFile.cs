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
    private readonly Disk _disk;
    private readonly Stream? _database;

    private EngineFile(Disk disk, DatabaseFiles files, GuardFile guard, LogFileStream log, Stream? database, LiteEngine engine)
    {
        _disk = disk;
        _database = database;
        _files = files;
        _guard = guard;
        _log = log;
        Engine = engine;
    }

    public LiteEngine Engine { get; }

    /// <summary>The length of the log in pages.</summary>
    public long LogPages => _log.Length / PageSize;

    /// <summary>Whether the log could not be written, so that the engine believes in pages that are nowhere.</summary>
    public bool HasFailed => _log.HasFailed;

    public static EngineFile Open(Disk disk, DatabaseFiles files, GuardFile guard, TimeProvider time, ILogger logger)
    {
        LogFileStream? log = null;
        Stream? database = null;
        LiteEngine? engine = null;
        try
        {
            var exists = disk.Length(files.Database) > 0;
            if (!exists && disk.Length(files.Log) > 0)
            {
                throw new ChatStoreException(
                    $"'{files.Database}' is missing, but its log '{files.Log}' is there and holds accepted messages: " +
                    "put the database file back, or move the log away to begin with an empty database.", isTransient: false);
            }

            if (!exists)
            {
                // What an interrupted creation leaves in the log was never acknowledged.
                guard.Write(new GuardRecord(0, 0));
                disk.Create(files.Database, EmptyDatabase());
            }

            var noted = guard.Record;
            log = new LogFileStream(disk.Open(files.Log, FileShare.Read), noted?.LogLength,
                length => guard.Write(new GuardRecord(length, guard.Record?.FeedEnd ?? 0)));
            database = disk.OpenDatabase(files.Database);
            engine = new LiteEngine(new EngineSettings { Filename = files.Database, DataStream = database, LogStream = log, Collation = Collation.Binary });
            var file = new EngineFile(disk, files, guard, log, database, engine);
            Schema.Prepare(file, exists, noted, time, logger);
            return file;
        }
        catch (Exception e)
        {
            Close(engine, log, database);
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
        var empty = _log.Length == 0;
        Close(Engine, _log, _database);
        if (empty)
        {
            _disk.Delete(_files.Log);
        }
    }

    /// <summary>LiteDB's own first page, so that no cut finds it half written.</summary>
    private static byte[] EmptyDatabase()
    {
        using var memory = new MemoryStream();
        using (new LiteEngine(new EngineSettings { DataStream = memory, Collation = Collation.Binary }))
        {
        }

        return memory.ToArray();
    }

    private static void Close(LiteEngine? engine, LogFileStream? log, Stream? database)
    {
        try
        {
            engine?.Dispose();
        }
        finally
        {
            // Whatever became of the engine: its files must be free for the next one.
            log?.Dispose();
            database?.Dispose();
            if (engine is not null)
            {
                Finalizers.Suppress(engine);
            }
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
