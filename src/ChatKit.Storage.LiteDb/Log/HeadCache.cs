namespace ChatKit.Storage.LiteDb;

/// <summary>The heads the writer used lately. Changed ones are written once a transaction.</summary>
internal sealed class HeadCache(WriteSession session)
{
    private const int Capacity = 10_000;
    private readonly Dictionary<string, HeadState> _heads = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    public HeadState? Find(string key)
    {
        if (_heads.TryGetValue(key, out var head))
        {
            return head;
        }

        if (session.Find(Collections.Heads, key) is not { } document)
        {
            return null;
        }

        return _heads[key] = HeadState.From(document);
    }

    public void Put(string key, HeadState head)
    {
        _heads[key] = head;
        _changed.Add(key);
    }

    public void Flush()
    {
        foreach (var key in _changed)
        {
            session.Upsert(Collections.Heads, _heads[key].ToDocument(key));
        }

        _changed.Clear();
        if (_heads.Count > Capacity)
        {
            _heads.Clear();
        }
    }
}
