namespace ChatKit.Storage.LiteDb.Tests;

public sealed class ReaderTests : IDisposable
{
    private const int Appends = 400;
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Readers that never pause do not stop the writer, nor keep the log from being moved into the file.</summary>
    [Fact]
    public async Task Readers_under_load_stop_neither_the_writer_nor_the_checkpoints()
    {
        const int CheckpointPages = 100;
        using var store = new OpenStore(_folder.Database, configure: options => options.CheckpointPages = CheckpointPages);
        var chat = await Chat.CreateAsync(store.Messages);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var (reads, last) = (0, 0L);
            while (!done.IsCancellationRequested)
            {
                var log = await chat.ReadAsync();
                Assert.True(log.Count >= last, "an entry that was seen is gone");
                last = log.Count;
                reads++;
            }

            return reads;
        }, Token)).ToList();
        var longest = 0L;
        for (var n = 0; n < Appends; n++)
        {
            await chat.SendAsync(chat.Request(size: 1_000));
            longest = Math.Max(longest, new FileInfo(_folder.Log).Length);
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), reads => Assert.True(reads > 0));
        Assert.Equal(Appends + 1, (await chat.ReadAsync()).Count);

        // One small append is far below another hundred pages.
        Assert.InRange(longest, 1, 2 * CheckpointPages * 8192);
    }

    [Fact]
    public async Task The_log_stays_bounded_after_many_appends_and_is_gone_after_closing()
    {
        const int CheckpointPages = 200;
        using (var store = new OpenStore(_folder.Database, configure: options => options.CheckpointPages = CheckpointPages))
        {
            var chat = await Chat.CreateAsync(store.Messages);
            for (var n = 0; n < 60; n++)
            {
                await store.Messages.AppendAsync([.. Enumerable.Range(0, 50).Select(_ => chat.Request(size: 500))], Token);
                Assert.InRange(new FileInfo(_folder.Log).Length, 0, 2 * CheckpointPages * 8192);
            }

            Assert.True(new FileInfo(_folder.Database).Length > 60 * 50 * 500);
        }

        Assert.False(File.Exists(_folder.Log));
    }

    /// <summary>LiteDB's cache never shrinks, but it reuses pages nobody holds: reads that are short keep it small.</summary>
    [Fact]
    public async Task The_cache_stays_bounded_when_everything_is_read()
    {
        using var store = new OpenStore(_folder.Database);
        var chat = await Chat.CreateAsync(store.Messages);
        for (var n = 0; n < 10; n++)
        {
            await store.Messages.AppendAsync([.. Enumerable.Range(0, 500).Select(_ => chat.Request(size: 6_000))], Token);
        }

        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(5_001, (await chat.ReadAsync()).Count);
        }

        var pages = await store.Database.ReadAsync(
            session => session.All("$database").Single()["cache"]["extendPages"].AsInt32, Token);
        Assert.True(new FileInfo(_folder.Database).Length / 8192 > 3_500);
        Assert.InRange(pages, 1, 2_662);
    }

    [Fact]
    public async Task A_reader_that_stops_waiting_takes_no_place()
    {
        using var store = new OpenStore(_folder.Database);
        var chat = await Chat.CreateAsync(store.Messages);
        using var go = new ManualResetEventSlim();
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holder = store.Database.ReadAsync(_ =>
        {
            inside.TrySetResult();
            go.Wait();
            return 0;
        }, Token).AsTask();
        await inside.Task;
        using var impatient = new CancellationTokenSource();
        var cancelled = store.Messages.GetHeadsAsync([chat.Id], impatient.Token).AsTask();
        var patient = store.Messages.GetHeadsAsync([chat.Id], Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(patient.IsCompleted);
        go.Set();
        await holder;
        Assert.Equal(1, (await patient)[0]!.LastSeq);
        Assert.Equal(1, (await store.Messages.GetHeadsAsync([chat.Id], Token))[0]!.LastSeq);
    }

    public void Dispose() => _folder.Dispose();
}
