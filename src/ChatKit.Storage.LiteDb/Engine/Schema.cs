using LiteDB;
using LiteDB.Engine;
using Microsoft.Extensions.Logging;

namespace ChatKit.Storage.LiteDb;

/// <summary>The format of the file: made at creation, checked at every start.</summary>
internal static class Schema
{
    /// <summary>Rises when an older ChatKit could misread the file.</summary>
    public const int Version = 1;

    public const string MetaId = "store";

    private static readonly string[] All =
    [
        Collections.Meta, Collections.Heads, Collections.Entries, Collections.Erased, Collections.Commands, Collections.Feed,
        Collections.FeedCheckpoints, Collections.Receipts, Collections.UserState, Collections.Cursors, Collections.Mailbox,
        Collections.Groups, Collections.Memberships, Collections.Devices, Collections.LastSeen,
    ];

    public static void Prepare(EngineFile file, bool existed, GuardRecord? noted, TimeProvider time, ILogger logger)
    {
        var engine = file.Engine;
        var session = new DocumentSession(engine);
        var meta = session.Find(Collections.Meta, MetaId);
        if (meta is null)
        {
            Create(file, time);
            return;
        }

        var version = meta["version"].AsInt32;
        if (version > Version)
        {
            throw new ChatStoreException(
                $"The chat database was written by a newer ChatKit (format {version}; this one knows {Version}): update ChatKit.Storage.LiteDb.",
                isTransient: false);
        }

        var feedEnd = session.Range(Collections.Feed, 0L, long.MaxValue, descending: true, limit: 1).FirstOrDefault()?["_id"].AsInt64 ?? 0;
        if (existed && (noted is null || feedEnd < noted.Value.FeedEnd))
        {
            // The lock file is another's, or the database is older than what was acknowledged: it was restored or moved.
            // Clients may hold positions this file never had, so it becomes another incarnation (ARCHITECTURE, rule 12).
            engine.BeginTrans();
            meta["incarnation"] = Guid.NewGuid().ToString("N");
            engine.Update(Collections.Meta, [meta]);
            Log.NewIncarnation(logger);
        }

        file.Commit(feedEnd);
    }

    public static string Incarnation(DocumentSession session) => session.Find(Collections.Meta, MetaId)!["incarnation"].AsString;

    private static void Create(EngineFile file, TimeProvider time)
    {
        var engine = file.Engine;
        if (engine.GetCollectionNames().Any())
        {
            throw new ChatStoreException("The file is a LiteDB database of something else than ChatKit: name another file.", isTransient: false);
        }

        // The writer checkpoints when no reader is inside; LiteDB's own attempts would meet readers.
        engine.Pragma("CHECKPOINT", 0);
        engine.BeginTrans();
        foreach (var collection in All)
        {
            // An insert creates a collection; nothing else does.
            engine.Insert(collection, [new BsonDocument { ["_id"] = 0 }], BsonAutoId.ObjectId);
            engine.Delete(collection, [0]);
        }

        engine.EnsureIndex(Collections.UserState, "change", BsonExpression.Create("$.change"), unique: true);
        engine.EnsureIndex(Collections.Mailbox, "sent", BsonExpression.Create("$.sent"), unique: true);
        engine.EnsureIndex(Collections.Devices, "seen", BsonExpression.Create("$.seen"), unique: false);
        engine.Insert(Collections.Meta,
        [
            new BsonDocument
            {
                ["_id"] = MetaId,
                ["version"] = Version,
                ["incarnation"] = Guid.NewGuid().ToString("N"),
                ["created"] = time.GetUtcNow().UtcTicks,
            },
        ], BsonAutoId.ObjectId);
        file.Commit(feedEnd: 0);
    }
}
