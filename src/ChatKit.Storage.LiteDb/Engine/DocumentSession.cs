using LiteDB;
using LiteDB.Engine;

namespace ChatKit.Storage.LiteDb;

/// <summary>Reads documents by hand-written queries; no mapper. Everything is read to the end before it is returned to callers
/// outside the gate. Bound to the thread that uses it.</summary>
internal class DocumentSession(ILiteEngine engine)
{
    // Parsing the same condition again costs as much as walking the index. One of a thread each, as its parameter is changed by each look.
    [ThreadStatic]
    private static Dictionary<string, BsonExpression>? _equals;

    protected ILiteEngine Engine { get; } = engine;

    public BsonDocument? Find(string collection, BsonValue id) => FindBy(collection, "_id", id);

    public BsonDocument? FindBy(string collection, string field, BsonValue value)
    {
        _equals ??= new(StringComparer.Ordinal);
        if (!_equals.TryGetValue(field, out var equals))
        {
            _equals[field] = equals = BsonExpression.Create(field + " = @0", value);
        }

        equals.Parameters["0"] = value;
        var query = new Query { Limit = 1 };
        query.Where.Add(equals);
        using var reader = Engine.Query(collection, query);
        return reader.Read() ? reader.Current.AsDocument : null;
    }

    /// <summary>Documents whose field lies between two values (both included), in the field's order. Streams: leave the
    /// enumeration before writing to the collection.</summary>
    public IEnumerable<BsonDocument> Range(
        string collection, BsonValue from, BsonValue to, bool descending = false, int limit = int.MaxValue, string field = "_id")
    {
        var query = new Query
        {
            OrderBy = BsonExpression.Create(field),
            Order = descending ? Query.Descending : Query.Ascending,
            Limit = limit,
        };
        query.Where.Add(BsonExpression.Create(field + " BETWEEN @0 AND @1", from, to));
        using var reader = Engine.Query(collection, query);
        while (reader.Read())
        {
            yield return reader.Current.AsDocument;
        }
    }

    /// <summary>All documents of a collection.</summary>
    public IEnumerable<BsonDocument> All(string collection)
    {
        using var reader = Engine.Query(collection, new Query());
        while (reader.Read())
        {
            yield return reader.Current.AsDocument;
        }
    }

    /// <summary>Documents with a key under a text prefix, in ordinal order.</summary>
    public IEnumerable<BsonDocument> Under(string collection, string prefix) =>
        Range(collection, Keys.First(prefix), Keys.Last(prefix));
}
