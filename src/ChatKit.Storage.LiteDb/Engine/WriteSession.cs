using LiteDB;
using LiteDB.Engine;

namespace ChatKit.Storage.LiteDb;

/// <summary>What a work item writes with, inside the writer's transaction. Holds what the writer knows of the file
/// between transactions; a failed transaction drops it with a new session.</summary>
internal sealed class WriteSession : DocumentSession
{
    private const string CountersId = "counters";
    private readonly HeadCache _heads;
    private BsonDocument? _counters;
    private bool _countersChanged;

    public WriteSession(ILiteEngine engine, TimeProvider time)
        : base(engine)
    {
        Time = time;
        _heads = new HeadCache(this);
        FeedEnd = Range(Collections.Feed, 0L, long.MaxValue, descending: true, limit: 1).FirstOrDefault()?["_id"].AsInt64 ?? 0;
    }

    public TimeProvider Time { get; }

    public HeadCache Heads => _heads;

    /// <summary>The position of the last feed row, of this transaction too.</summary>
    public long FeedEnd { get; private set; }

    public long NextFeedPosition() => ++FeedEnd;

    public int NextConversationNumber() => checked((int)NextCounter("conversation"));

    public long NextMailboxPosition() => NextCounter("mailbox");

    public void Insert(string collection, BsonDocument document) => Engine.Insert(collection, [document], BsonAutoId.ObjectId);

    /// <summary>Replaces a document that is known to be there.</summary>
    public void Update(string collection, BsonDocument document)
    {
        if (Engine.Update(collection, [document]) != 1)
        {
            throw new ChatStoreException($"The chat database lost a document of '{collection}'.", isTransient: false);
        }
    }

    public void Upsert(string collection, BsonDocument document) => Engine.Upsert(collection, [document], BsonAutoId.ObjectId);

    public void Delete(string collection, IEnumerable<BsonValue> ids) => Engine.Delete(collection, ids);

    /// <summary>Writes what was collected in memory; last thing in a transaction.</summary>
    public void Flush()
    {
        _heads.Flush();
        if (_countersChanged)
        {
            Upsert(Collections.Meta, _counters!);
            _countersChanged = false;
        }
    }

    private long NextCounter(string name)
    {
        _counters ??= Find(Collections.Meta, CountersId) ?? new BsonDocument { ["_id"] = CountersId };
        var next = (_counters.TryGetValue(name, out var last) ? last.AsInt64 : 0) + 1;
        _counters[name] = next;
        _countersChanged = true;
        return next;
    }
}
