using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

public abstract partial class MessageStoreConformance
{
    /// <summary>Promise over all: what was accepted is there after kill -9, where its result said, in a dense log with its feed, and a retry
    /// is told so.</summary>
    [ConformanceFact]
    public async Task Kill_9_during_appends_loses_nothing_that_was_accepted()
    {
        List<Accepted> accepted = [];
        for (var round = 0; round < 4; round++)
        {
            var program = NeedsWorker();
            if (program.CloseStore is { } close)
            {
                await close();
            }

            using (var worker = Worker.Start(program, StorageWorker.Append, $"kill.{round}"))
            {
                Assert.Equal("open", await worker.OpenAsync(Token));
                accepted.AddRange(await worker.KillAfterAsync(60 + (67 * round), Token));
            }

            await ReopenAsync();
            await CheckLanesAsync("kill", accepted);
        }

        // The last process may have been killed before it was told of what it had stored: retries are told where that is.
        foreach (var item in accepted.Where(item => item.Outcome == AppendOutcome.Appended && item.Command.Value != "creation").TakeLast(100))
        {
            var retry = new AppendRequest
            {
                Conversation = item.Conversation,
                Sender = new UserId("worker"),
                Command = item.Command,
                PayloadHash = 7,
                Header = new EntryHeader { Kind = EntryKind.Message },
                MembershipVersion = 1,
            };
            var result = Assert.Single(await Store.AppendAsync([retry], Token));
            Assert.Equal((AppendOutcome.Duplicate, item.Seq), (result.Outcome, result.Seq));
        }
    }

    /// <summary>Rules 2, 5 and 10: two processes that append to the same conversations leave dense logs, each item where its result said, each
    /// command once, and a feed that misses nothing. A storage that serves one process refuses the second one.</summary>
    [ConformanceFact]
    public async Task Two_processes_append_side_by_side_or_the_second_is_refused()
    {
        var program = NeedsWorker();
        if (!program.SharesStorage)
        {
            await OpenRoomAsync();
            using var refused = Worker.Start(program, StorageWorker.Open, "second");
            Assert.StartsWith("refused ", await refused.OpenAsync(Token), StringComparison.Ordinal);
            Assert.Equal(StorageWorker.Refused, (await refused.FinishAsync(Token)).ExitCode);
            return;
        }

        const int Batches = 60;
        using var written = new CancellationTokenSource();
        using var worker = Worker.Start(program, StorageWorker.Race, "race.b", $"{Batches}");
        Assert.Equal("open", await worker.OpenAsync(Token));
        var reader = Task.Run(() => FollowFeedAsync(written.Token), Token);
        List<Accepted> accepted = [];
        try
        {
            await worker.GoAsync();
            await WorkerLanes.AppendAsync(Store, "race.a", Batches, line => accepted.Add(Accepted.Parse(line)));
            var (exitCode, others) = await worker.FinishAsync(Token);
            Assert.Equal(0, exitCode);
            accepted.AddRange(others);
        }
        finally
        {
            await written.CancelAsync();
        }

        await CheckLanesAsync("race", accepted);
        Assert.Equal(await ReadWholeFeedAsync(10_000), await reader);
        Assert.All(accepted, item => Assert.True(item.Outcome is AppendOutcome.Appended or AppendOutcome.Duplicate, $"{item}"));
        foreach (var command in accepted.Where(item => item.Command.Value != "creation").GroupBy(item => (item.Conversation, item.Command)))
        {
            Assert.Single(command, item => item.Outcome == AppendOutcome.Appended);
            Assert.Single(command.Select(item => item.Seq).Distinct());
        }
    }

    private StorageWorkerProcess NeedsWorker()
    {
        Assert.SkipWhen(ReopenIfDurable is null, "The adapter is not durable.");
        var program = FindWorker();
        Assert.SkipWhen(program is null, "The harness has no Worker.");
        return program!;
    }

    /// <summary>Every log is dense, in the feed, and has what was accepted where the results said.</summary>
    private async Task CheckLanesAsync(string name, List<Accepted> accepted)
    {
        var feed = await ReadWholeFeedAsync(10_000);
        for (var lane = 0; lane < WorkerLanes.Count; lane++)
        {
            var id = WorkerLanes.Lane(name, lane);
            var head = Assert.Single(await Store.GetHeadsAsync([id], Token));
            if (head is null)
            {
                Assert.DoesNotContain(accepted, item => item.Conversation == id);
                continue;
            }

            var log = Assert.Single(await Store.ReadAsync([new LogRange(id, 1, long.MaxValue, 10_000)], Token));
            Assert.Equal(Room.Sequence(1, head.LastSeq), log.Select(entry => entry.Seq));
            Assert.Equal(log.Count, log.Select(entry => entry.Command).Distinct().Count());
            foreach (var item in accepted.Where(item => item.Conversation == id))
            {
                Assert.True(item.Seq <= log.Count, $"{item} was accepted; the log ends at {log.Count}.");
                Assert.Equal(item.Command, log[(int)item.Seq - 1].Command);
            }

            AssertCovers(feed, id, head.LastSeq);
            Assert.Equal(log.Count - 1, Assert.Single(await Store.CountAsync([new LogSpan(id, 0, long.MaxValue)], Token)));
        }
    }
}
