using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Rule 13: who pages back or forth while others append, edit and delete sees each message once and none is missing.</summary>
    /// <param name="view">The view.</param>
    [ConformanceTheory]
    [InlineData(LogView.Entries)]
    [InlineData(LogView.Messages)]
    public async Task Pages_are_stable_while_others_append(LogView view)
    {
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(200);
        var end = (await room.HeadAsync()).LastSeq;
        var expected = (await room.ReadAsync(to: end, view: view)).Select(entry => entry.Seq).ToList();
        var written = 0;
        using var paged = new CancellationTokenSource();
        var writers = Racing.RunAsync(4, async writer =>
        {
            var n = 0;
            while (!paged.IsCancellationRequested)
            {
                var target = 2 + ((writer + (n * 13)) % 200);
                await room.AppendAsync(room.Message("new"), room.Edit(target, $"{writer}.{n}"), n % 10 == 0 ? room.Deletion(target) : room.Message("newer"));
                n++;
                Interlocked.Increment(ref written);
            }

            return n;
        });
        try
        {
            for (var round = 0; round < 4 || Volatile.Read(ref written) < 40; round++)
            {
                List<long> back = [];
                for (var page = await room.ReadAsync(1, end, 9, descending: true, view); page.Count > 0; page = await room.ReadAsync(1, page[^1].Seq - 1, 9, descending: true, view))
                {
                    back.AddRange(page.Select(entry => entry.Seq));
                }

                back.Reverse();
                Assert.Equal(expected, back);
                List<long> forth = [];
                for (var page = await room.ReadAsync(limit: 9, view: view); page.Count > 0 && page[0].Seq <= end; page = await room.ReadAsync(page[^1].Seq + 1, limit: 9, view: view))
                {
                    forth.AddRange(page.Select(entry => entry.Seq));
                }

                Assert.Equal(expected, forth.TakeWhile(seq => seq <= end));
                Assert.Equal(forth.Distinct().Order(), forth);
            }
        }
        finally
        {
            await paged.CancelAsync();
        }

        await writers;
        var all = await room.AssertDenseAsync();
        Assert.Equal(all.Count(entry => entry.Header.Counts && !entry.Erased), await room.CountAsync(0));
    }

    /// <summary>Rule 2: who reads while retention trims gets what is left, each entry once and whole.</summary>
    [ConformanceFact]
    public async Task Reads_beside_trimming_miss_nothing_that_is_left()
    {
        const int Messages = 900;
        var retention = Role<ILogRetention>();
        var room = await OpenRoomAsync();
        await room.StoreMessagesAsync(Messages);
        var trimming = Task.Run(
            async () =>
            {
                for (var through = 50; through <= 800; through += 50)
                {
                    await retention.TrimAsync(room.Id, through, Token);
                }
            },
            Token);
        var done = false;
        while (!done)
        {
            done = trimming.IsCompleted;
            var entries = await room.ReadAsync();
            var trimmedTo = (await room.HeadAsync()).TrimmedTo;
            Assert.Equal(Room.Sequence(trimmedTo + 1, Messages + 1), entries.Select(entry => entry.Seq).Where(seq => seq > trimmedTo));
            Assert.Equal(entries.Select(entry => entry.Seq).Distinct().Order(), entries.Select(entry => entry.Seq));
            Assert.All(entries.Where(entry => entry.Seq > 1), entry => Assert.Equal($"m{((entry.Seq - 2) % 1_000) + 1}", entry.Text()));
            var count = await room.CountAsync(0);
            Assert.True(count <= Messages - Math.Max(0, trimmedTo - 1), $"{count} count where at most {Messages - trimmedTo + 1} are left.");
        }

        await trimming;
        Assert.Equal(Messages - 799, await room.CountAsync(0));
    }

    /// <summary>Rule 5: batches that overlap, in any order and at once, store each command once, and all are told the same.</summary>
    [ConformanceFact]
    public async Task Overlapping_batches_that_race_store_each_command_once()
    {
        var rooms = new[] { await OpenRoomAsync(), await OpenRoomAsync(), await OpenRoomAsync() };
        for (var round = 0; round < 5; round++)
        {
            AppendRequest[] commands = [.. Enumerable.Range(0, 40).Select(n => rooms[n % 3].Message($"{round}.{n}"))];
            var told = await Racing.RunAsync(8, async n =>
            {
                var batch = commands.Skip(n * 3).Take(19).ToArray();
                if (n % 2 == 0)
                {
                    Array.Reverse(batch);
                }

                return batch.Zip(await Store.AppendAsync(batch, Token)).ToArray();
            });
            foreach (var command in told.SelectMany(pairs => pairs).GroupBy(pair => pair.First.Command))
            {
                Assert.Single(command, pair => pair.Second.Outcome == AppendOutcome.Appended);
                Assert.Single(command.Select(pair => (pair.Second.Seq, pair.Second.AcceptedAt)).Distinct());
            }
        }

        foreach (var room in rooms)
        {
            var log = await room.AssertDenseAsync();
            Assert.Equal(log.Count, log.Select(entry => entry.Command).Distinct().Count());
        }
    }
}
