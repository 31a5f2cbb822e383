namespace ChatKit.Storage.LiteDb.Tests;

public sealed class WriterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_that_wait_together_are_one_commit()
    {
        using var store = new OpenStore(_folder.Database);
        var chat = await Chat.CreateAsync(store.Messages);
        await using var held = await HeldWriter.HoldAsync(store.Database);
        var before = store.Database.Commits;
        var sends = Enumerable.Range(0, 20).Select(_ => chat.SendAsync()).ToList();
        var read = store.Get<IReceiptStore>().AdvanceAsync([new Receipt(chat.Id, Chat.Ann, 0, 1)], Token).AsTask();
        await held.ReleaseAsync();
        var results = await Task.WhenAll(sends);
        await read;

        // One for what held the writer, one for all that waited: appends and receipt alike.
        Assert.Equal(before + 2, store.Database.Commits);
        Assert.Equal(Enumerable.Range(2, 20).Select(n => (long)n), results.Select(result => result.Seq));
    }

    [Fact]
    public async Task A_bad_call_fails_no_neighbour_in_the_same_commit()
    {
        using var store = new OpenStore(_folder.Database);
        var chat = await Chat.CreateAsync(store.Messages);
        await using var held = await HeldWriter.HoldAsync(store.Database);
        var first = chat.SendAsync();
        var bad = store.Database.WriteAsync<int>(1, session =>
        {
            session.Insert(Collections.LastSeen, new LiteDB.BsonDocument { ["_id"] = "half-done" });
            throw new InvalidOperationException("bad");
        }, Token).AsTask();
        var second = chat.SendAsync();
        await held.ReleaseAsync();
        Assert.Equal((AppendOutcome.Appended, 2), ((await first).Outcome, (await first).Seq));
        Assert.Equal((AppendOutcome.Appended, 3), ((await second).Outcome, (await second).Seq));
        var fault = await Assert.ThrowsAsync<ChatStoreException>(() => bad);
        Assert.IsType<InvalidOperationException>(fault.InnerException);
        Assert.Null(await store.Database.ReadAsync(session => session.Find(Collections.LastSeen, "half-done"), Token));
        Assert.Equal([1, 2, 3], (await chat.ReadAsync()).Select(entry => entry.Seq));
    }

    /// <summary>LiteDB's own rollback (without opening the file anew) leaves pages in the log that the next start must read.</summary>
    [Fact]
    public async Task A_rollback_leaves_the_file_usable_over_a_restart()
    {
        using (var store = new OpenStore(_folder.Database, configure: options => options.CheckpointPages = 100))
        {
            var chat = await Chat.CreateAsync(store.Messages);
            for (var n = 0; n < 50; n++)
            {
                await Assert.ThrowsAsync<ChatStoreException>(() => store.Database.WriteAsync<int>(1, session =>
                {
                    for (var k = 0; k < 20; k++)
                    {
                        session.Insert(Collections.LastSeen, new LiteDB.BsonDocument { ["_id"] = $"x{n}-{k}", ["b"] = new byte[5_000] });
                    }

                    throw new ArgumentException("bad");
                }, Token).AsTask());
                await chat.SendAsync();
            }
        }

        using var again = new OpenStore(_folder.Database);
        var log = await new Chat(again.Messages, new ConversationId("g_room"), Chat.Ann).ReadAsync();
        Assert.Equal(51, log.Count);
    }

    [Theory]
    [InlineData(typeof(IOException), true)]
    [InlineData(typeof(UnauthorizedAccessException), false)]
    public async Task A_fault_of_the_disk_is_wrapped_and_the_file_opened_anew(Type type, bool transient)
    {
        using var store = new OpenStore(_folder.Database);
        var chat = await Chat.CreateAsync(store.Messages);
        await chat.SendAsync();
        for (var n = 0; n < 3; n++)
        {
            var fault = await Assert.ThrowsAsync<ChatStoreException>(() => store.Database.WriteAsync<int>(1, session =>
            {
                session.Insert(Collections.LastSeen, new LiteDB.BsonDocument { ["_id"] = "half-done" });
                throw (Exception)Activator.CreateInstance(type, "disk")!;
            }, Token).AsTask());
            Assert.IsType(type, fault.InnerException);
            Assert.Equal(transient, fault.IsTransient);
            await chat.SendAsync();
        }

        Assert.Equal([1, 2, 3, 4, 5], (await chat.ReadAsync()).Select(entry => entry.Seq));
        Assert.Null(await store.Database.ReadAsync(session => session.Find(Collections.LastSeen, "half-done"), Token));
    }

    /// <summary>A fault that only readers met is mended, too, though nobody writes.</summary>
    [Fact]
    public async Task A_fault_of_a_read_is_wrapped_and_the_file_opened_anew()
    {
        using var store = new OpenStore(_folder.Database);
        var chat = await Chat.CreateAsync(store.Messages);
        var before = await store.Database.ReadAsync(session => session, Token);
        await Assert.ThrowsAsync<ChatStoreException>(
            () => store.Database.ReadAsync<int>(_ => throw new IOException("disk"), Token).AsTask());
        await store.Database.WriteAsync(0, _ => 0, Token);
        Assert.Single(await chat.ReadAsync());

        // The engine of before is closed: this is another one.
        Assert.Throws<ObjectDisposedException>(() => before.Find(Collections.Heads, "x"));
    }

    [Fact]
    public async Task The_drivers_exceptions_do_not_escape()
    {
        using var store = new OpenStore(_folder.Database);
        var duplicate = new LiteDB.BsonDocument { ["_id"] = "twice" };
        var write = await Assert.ThrowsAsync<ChatStoreException>(() => store.Database.WriteAsync(1, session =>
        {
            session.Insert(Collections.LastSeen, duplicate);
            session.Insert(Collections.LastSeen, duplicate);
            return 0;
        }, Token).AsTask());
        Assert.IsType<LiteDB.LiteException>(write.InnerException);
        var read = await Assert.ThrowsAsync<ChatStoreException>(
            () => store.Database.ReadAsync(session => session.FindBy(Collections.LastSeen, "no expression (", 1), Token).AsTask());
        Assert.IsType<LiteDB.LiteException>(read.InnerException);
        Assert.Equal(1, (await (await Chat.CreateAsync(store.Messages)).ReadAsync())[0].Seq);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = new OpenStore(_folder.Database);
        var messages = store.Messages;
        var chat = await Chat.CreateAsync(messages);
        store.Dispose();
        Assert.Contains("closed", (await Assert.ThrowsAsync<ChatStoreException>(() => chat.SendAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("closed", (await Assert.ThrowsAsync<ChatStoreException>(chat.ReadAsync)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
