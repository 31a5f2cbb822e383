using System.Collections.Concurrent;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 2: many writers to the same conversations leave logs without a gap, and every result is where its entry is.</summary>
    [ConformanceFact]
    public async Task Parallel_appends_stay_dense()
    {
        const int Writers = 12;
        const int Batches = 12;
        var rooms = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OpenRoomAsync()));
        var stored = new ConcurrentBag<(AppendRequest Request, AppendResult Result)>();
        await Racing.RunAsync(Writers, async writer =>
        {
            for (var n = 0; n < Batches; n++)
            {
                AppendRequest[] batch = [.. Enumerable.Range(0, 6).Select(k => rooms[(writer + k) % 3].Message($"{writer}.{n}.{k}"))];
                var results = await Store.AppendAsync(batch, Token);
                foreach (var pair in batch.Zip(results))
                {
                    stored.Add(pair);
                }
            }

            return 0;
        });

        Assert.Equal(Writers * Batches * 6, stored.Count);
        Assert.All(stored, pair => Assert.Equal(AppendOutcome.Appended, pair.Result.Outcome));
        foreach (var room in rooms)
        {
            var log = await room.AssertDenseAsync();
            Assert.Equal(1 + (Writers * Batches * 2), log.Count);
            foreach (var (request, result) in stored.Where(pair => pair.Request.Conversation == room.Id))
            {
                Assert.Equal(request.Command, log[(int)result.Seq - 1].Command);
                Assert.Equal(result.AcceptedAt, log[(int)result.Seq - 1].AcceptedAt);
            }

            Assert.Equal(log.Count - 1, await room.CountAsync(0));
        }
    }

    /// <summary>Rule 6: a writer that waits for its append finds its entries in the order it sent them.</summary>
    [ConformanceFact]
    public async Task Each_writers_order_is_kept()
    {
        var room = await OpenRoomAsync();
        await Racing.RunAsync(8, async writer =>
        {
            for (var n = 0; n < 20; n += 2)
            {
                await room.AppendAsync(room.Message($"{writer} {n}"), room.Message($"{writer} {n + 1}"));
            }

            return 0;
        });
        foreach (var texts in (await room.AssertDenseAsync()).Skip(1).Select(entry => entry.Text().Split(' ')).GroupBy(parts => parts[0]))
        {
            Assert.Equal(Enumerable.Range(0, 20).Select(n => $"{n}"), texts.Select(parts => parts[1]));
        }
    }

    /// <summary>Rule 5: a command retried by many at once is stored once, and all learn the same Seq.</summary>
    [ConformanceFact]
    public async Task Racing_retries_give_one_seq()
    {
        var room = await OpenRoomAsync();
        for (var round = 0; round < 10; round++)
        {
            var command = room.Message($"once {round}");
            var results = await Racing.RunAsync(12, () => room.AppendAsync(command));
            var winner = Assert.Single(results, result => result.Outcome == AppendOutcome.Appended);
            Assert.Equal(11, results.Count(result => result.Outcome == AppendOutcome.Duplicate));
            Assert.All(results, result => Assert.Equal((2L + round, winner.AcceptedAt), (result.Seq, result.AcceptedAt)));
        }

        Assert.Equal(11, (await room.AssertDenseAsync()).Count);
    }

    /// <summary>Rule 5: the same key with many payloads at once: one is stored, the others are conflicts.</summary>
    [ConformanceFact]
    public async Task Racing_payloads_of_one_key_have_one_winner()
    {
        var room = await OpenRoomAsync();
        var command = room.Message("x");
        var results = await Racing.RunAsync(8, n => room.AppendAsync(command.WithText($"payload {n}")));
        var winner = Array.FindIndex(results, result => result.Outcome == AppendOutcome.Appended);
        Assert.Equal(7, results.Count(result => result.Outcome == AppendOutcome.Conflict));
        Assert.Equal($"payload {winner}", (await room.AssertDenseAsync())[1].Text());
    }

    /// <summary>Rule 7: creations that race make one conversation.</summary>
    [ConformanceFact]
    public async Task Racing_creations_have_one_winner()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = Make.Conversation();
            var results = await Racing.RunAsync(8, async _ => (await Store.AppendAsync([Make.Creation(id, Make.User())], Token))[0]);
            Assert.Single(results, result => result.Outcome == AppendOutcome.Appended);
            Assert.Equal(7, results.Count(result => result.Outcome == AppendOutcome.StaleMembership && result.MembershipVersion == 1));
        }
    }

    /// <summary>Rule 4: readers see a batch of a conversation as a whole or not at all, and never a gap.</summary>
    [ConformanceFact]
    public async Task Readers_see_whole_batches()
    {
        const int BatchSize = 10;
        var room = await OpenRoomAsync();
        using var written = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            var reads = 0;
            while (true)
            {
                var done = written.IsCancellationRequested;
                var log = await room.ReadAsync();
                Assert.Equal(Room.Sequence(1, log.Count), log.Select(entry => entry.Seq));
                Assert.Equal(0, (log.Count - 1) % BatchSize);
                Assert.Equal(0, ((await room.HeadAsync()).LastSeq - 1) % BatchSize);
                Assert.Equal(0, await room.CountAsync(0) % BatchSize);
                reads++;
                if (done)
                {
                    return reads;
                }
            }
        });
        try
        {
            await Racing.RunAsync(4, async _ =>
            {
                for (var n = 0; n < 15; n++)
                {
                    await room.AppendAsync([.. Enumerable.Range(0, BatchSize).Select(k => room.Message($"{k}"))]);
                }

                return 0;
            });
        }
        finally
        {
            await written.CancelAsync();
        }

        Assert.True(await reader > 0);
        Assert.Equal(1 + (4 * 15 * BatchSize), (await room.AssertDenseAsync()).Count);
    }

    /// <summary>Rule 4: cancelling stops the waiting, never the batch: it is stored whole or not at all, and sent again it is there once.</summary>
    [ConformanceFact]
    public async Task A_cancelled_batch_is_stored_whole_or_not_at_all()
    {
        const int BatchSize = 20;
        var room = await OpenRoomAsync();
        for (var round = 0; round < 20; round++)
        {
            AppendRequest[] batch = [.. Enumerable.Range(0, BatchSize).Select(n => room.Message($"{round}.{n}"))];
            using var cancellation = new CancellationTokenSource();
            var appending = Task.Run(async () => await Store.AppendAsync(batch, cancellation.Token), Token);
            if (round % 2 == 0)
            {
                await Task.Yield();
            }

            await cancellation.CancelAsync();
            try
            {
                Assert.All(await appending, result => Assert.Equal(AppendOutcome.Appended, result.Outcome));
            }
            catch (OperationCanceledException)
            {
                // The waiting was stopped; what became of the batch shows when it is sent again.
            }

            var again = await room.AppendAsync(batch);
            Assert.Single(again.Select(result => result.Outcome).Distinct());
            Assert.Equal(Room.Sequence(2 + (round * BatchSize), 1 + ((round + 1) * BatchSize)), again.Select(result => result.Seq));
        }

        Assert.Equal(1 + (20 * BatchSize), (await room.AssertDenseAsync()).Count);
    }

    /// <summary>Rule 4: one who stops waiting takes nobody with him: appends of others that ran beside it are stored.</summary>
    [ConformanceFact]
    public async Task Cancelling_one_append_does_not_touch_the_others()
    {
        var room = await OpenRoomAsync();
        var results = await Racing.RunAsync(16, async n =>
        {
            if (n % 2 == 0)
            {
                return (await room.AppendAsync(room.Message($"stays {n}"))).Outcome;
            }

            using var cancellation = new CancellationTokenSource();
            var command = room.Message($"cancelled {n}");
            var appending = Task.Run(async () => await Store.AppendAsync([command], cancellation.Token), Token);
            await cancellation.CancelAsync();
            try
            {
                await appending;
            }
            catch (OperationCanceledException)
            {
                // Sent again below.
            }

            return (await room.AppendAsync(command)).Outcome;
        });
        Assert.All(results, outcome => Assert.True(outcome is AppendOutcome.Appended or AppendOutcome.Duplicate));
        Assert.Equal(17, (await room.AssertDenseAsync()).Count);
    }
}
