using System.Diagnostics;
using ChatKit.Load.Clients;
using ChatKit.Load.Measuring;

namespace ChatKit.Load.Scenarios;

/// <summary>Much was stored for a user who was away; how long from his first byte until he has all of it, in order.</summary>
internal sealed class OfflineScenario : IScenario
{
    private const int Writers = 10;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public async Task RunAsync(Site site, RunResult result)
    {
        const string reader = "absent";
        var traffic = new Traffic(0, 1);
        var directs = Enumerable.Range(0, Writers).Select(i => new[] { $"writer{i}", reader }).ToArray();
        await site.SeedAsync(new SeedRequest { Directs = directs });

        // The device is known from an earlier connection, on which it took in everything there was.
        await site.ConnectAsync([reader], traffic);
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        await site.CloseAsync(1);

        var before = await site.CountAsync(-1);
        await site.SeedAsync(new SeedRequest { Directs = directs, Backlog = site.Plan.Backlog, TextBytes = site.Plan.TextBytes });
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long total = 0;
        void Progress(long count)
        {
            if (Volatile.Read(ref total) is var old && count >= site.Plan.Backlog && old < site.Plan.Backlog)
            {
                done.TrySetResult();
            }

            Volatile.Write(ref total, count);
        }

        var connection = site.Create(reader, traffic);
        var started = Stopwatch.GetTimestamp();
        switch (connection)
        {
            case ChatKitConnection chatKit:
                chatKit.Progress = Progress;
                await site.OpenAsync(chatKit);
                break;
            case PlainHubConnection plain:
                plain.Progress = Progress;
                await site.OpenAsync(plain);
                plain.AskPending();
                break;
        }

        await Task.WhenAny(done.Task, Task.Delay(Timeout, TimeProvider.System));
        result.Figures[Figure.Drain] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System); // The last acknowledgement leaves; anything doubled would come.
        result.Messages = Volatile.Read(ref total);
        result.Accepted = site.Plan.Backlog;
        result.Rows = (await site.CountAsync(before.Position)).Rows;
        result.Failure = traffic.Failure ?? (result.Messages == site.Plan.Backlog ? null : $"{result.Messages} of {site.Plan.Backlog} came");
    }
}
