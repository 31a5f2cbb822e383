using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 4: wherever an append is cancelled, its batch is stored whole or not at all, in all conversations; a retry completes it
    /// and is told the first result.</summary>
    [ConformanceFact]
    public async Task An_append_may_be_cancelled_at_any_point()
    {
        const int Rounds = 60;
        const int Each = 15;
        var (one, other) = (await OpenRoomAsync(), await OpenRoomAsync());
        var batches = new Dictionary<int, AppendRequest[]>();
        long stored = 1;
        await Cancelling.AtEveryPointAsync(
            Rounds,
            async (round, token) =>
            {
                AppendRequest[] batch = [.. Enumerable.Range(0, 2 * Each).Select(n => (n % 2 == 0 ? one : other).Message($"{round}.{n}"))];
                batches[round] = batch;
                return await Store.AppendAsync(batch, token);
            },
            async (round, cancelled, results) =>
            {
                var batch = batches[round];
                var before = await Store.ReadAsync([new LogRange(one.Id, stored + 1, long.MaxValue, 99), new LogRange(other.Id, stored + 1, long.MaxValue, 99)], Token);
                Assert.All(before, entries => Assert.True(entries.Count is 0 or Each, $"After a cancelled batch {entries.Count} of {Each} are there."));
                var again = await Store.AppendAsync(batch, Token);
                Assert.Single(again.Select(result => result.Outcome).Distinct());
                Assert.True(
                    again[0].Outcome == AppendOutcome.Duplicate || (cancelled && again[0].Outcome == AppendOutcome.Appended && before[0].Count == 0),
                    $"A batch that was {(cancelled ? "cancelled" : "stored")} is {again[0].Outcome} when sent again.");
                if (results is not null)
                {
                    Assert.Equal(results.Select(result => (result.Seq, result.AcceptedAt)), again.Select(result => (result.Seq, result.AcceptedAt)));
                }

                Assert.Equal(Room.Sequence(stored + 1, stored + Each), again.Where((_, n) => n % 2 == 0).Select(result => result.Seq));
                stored += Each;
            });
        Assert.Equal(stored, (await one.AssertDenseAsync()).Count);
        Assert.Equal(stored, (await other.AssertDenseAsync()).Count);
        AssertCovers(await ReadWholeFeedAsync(10_000), one.Id, stored);
    }

    /// <summary>Wherever a read is cancelled, it ends as cancelled or with the whole answer, and the next one is answered.</summary>
    [ConformanceFact]
    public async Task A_read_may_be_cancelled_at_any_point()
    {
        const int Messages = 1_200;
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(Messages);
        await Cancelling.AtEveryPointAsync(
            40,
            async (round, token) => (Math.Abs(round) % 4) switch
            {
                0 => (await Store.ReadAsync([new LogRange(room.Id, 2, long.MaxValue, 10_000)], token))[0].Count,
                1 => (await Store.ReadAsync([new LogRange(room.Id, 2, long.MaxValue, 10_000, View: LogView.Messages)], token))[0].Count,
                2 => (int)(await Store.CountAsync([.. Enumerable.Repeat(new LogSpan(room.Id, 0, long.MaxValue), 20)], token))[^1],
                _ => (int)((await Store.GetHeadsAsync([.. Enumerable.Repeat(room.Id, 20)], token))[^1]!.LastSeq - 1),
            },
            (_, cancelled, count) =>
            {
                Assert.True(cancelled || count == Messages, $"A read that was not cancelled gave {count} of {Messages}.");
                return Task.CompletedTask;
            });
        Assert.Equal(Messages, (await room.ReadMessagesAsync()).Count);
        Assert.Equal(Messages + 2, await room.StoreAsync(room.Message("still open")));
    }
}
