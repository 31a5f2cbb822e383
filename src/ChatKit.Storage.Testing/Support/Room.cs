namespace ChatKit.Storage.Testing.Support;

/// <summary>A conversation of two in a store, made by its first entry (Seq 1, membership version 1), and short words to work on it.</summary>
internal sealed class Room
{
    private readonly IMessageStore _store;

    private Room(IMessageStore store, ConversationId id, UserId ann, UserId ben)
    {
        _store = store;
        Id = id;
        Ann = ann;
        Ben = ben;
    }

    public ConversationId Id { get; }

    public UserId Ann { get; }

    public UserId Ben { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Room> OpenAsync(IMessageStore store, string tenant = "", ConversationId? id = null)
    {
        var room = new Room(store, id ?? Make.Conversation(tenant), Make.User("ann", tenant), Make.User("ben", tenant));
        var created = await room.AppendAsync(Make.Creation(room.Id, room.Ann, room.Ben));
        Assert.Equal(AppendOutcome.Appended, created.Outcome);
        Assert.Equal(1, created.Seq);
        return room;
    }

    public AppendRequest Message(string text, long version = 1, bool counts = true) => Make.Message(Id, Ann, text, version, counts);

    public AppendRequest Edit(long? target, string text, long version = 1) => Make.Edit(Id, Ann, target, text, version);

    public AppendRequest Deletion(long? target, long version = 1) => Make.Deletion(Id, Ann, target, version);

    public AppendRequest Commit(long epoch, long version = 1) => Make.Commit(Id, Ann, epoch, version);

    public AppendRequest Add(long version, params UserId[] users) => Make.Membership(Id, Ann, version, MembershipAction.Added, users);

    public async Task<AppendResult> AppendAsync(AppendRequest request) => (await AppendAsync([request]))[0];

    public async Task<IReadOnlyList<AppendResult>> AppendAsync(params AppendRequest[] batch)
    {
        var results = await _store.AppendAsync(batch, Token);
        Assert.Equal(batch.Length, results.Count);
        return results;
    }

    /// <summary>Appends what must succeed and gives its Seq.</summary>
    public async Task<long> StoreAsync(AppendRequest request)
    {
        var result = await AppendAsync(request);
        Assert.Equal(AppendOutcome.Appended, result.Outcome);
        return result.Seq;
    }

    /// <summary>Appends messages that must succeed, in batches of 1,000, and gives the last Seq.</summary>
    public async Task<long> StoreMessagesAsync(int count)
    {
        long last = 0;
        foreach (var chunk in Enumerable.Range(1, count).Chunk(1_000))
        {
            var results = await AppendAsync([.. chunk.Select(n => Message($"m{n}"))]);
            Assert.All(results, result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
            last = results[^1].Seq;
        }

        return last;
    }

    public async Task<IReadOnlyList<LogEntry>> ReadAsync(
        long from = 1, long to = long.MaxValue, int limit = 10_000, bool descending = false, LogView view = LogView.Entries) =>
        Assert.Single(await _store.ReadAsync([new LogRange(Id, from, to, limit, descending, view)], Token));

    public Task<IReadOnlyList<LogEntry>> ReadMessagesAsync(
        long from = 1, long to = long.MaxValue, int limit = 10_000, bool descending = false) =>
        ReadAsync(from, to, limit, descending, LogView.Messages);

    public async Task<LogHead> HeadAsync()
    {
        var head = Assert.Single(await _store.GetHeadsAsync([Id], Token));
        Assert.NotNull(head);
        return head;
    }

    public async Task<long> CountAsync(long after, long to = long.MaxValue) =>
        Assert.Single(await _store.CountAsync([new LogSpan(Id, after, to)], Token));

    /// <summary>The log has every Seq from 1 to its head exactly once, in order.</summary>
    public async Task<IReadOnlyList<LogEntry>> AssertDenseAsync()
    {
        var head = await HeadAsync();
        List<LogEntry> all = [];
        while (all.Count < head.LastSeq)
        {
            var page = await ReadAsync(all.Count + 1, head.LastSeq);
            Assert.NotEmpty(page);
            all.AddRange(page);
        }

        Assert.Equal(Sequence(1, head.LastSeq), all.Select(entry => entry.Seq));
        return all;
    }

    /// <summary>The same conversation through a store that was opened again.</summary>
    public Room In(IMessageStore store) => new(store, Id, Ann, Ben);

    public static IEnumerable<long> Sequence(long from, long to)
    {
        for (var n = from; n <= to; n++)
        {
            yield return n;
        }
    }
}
