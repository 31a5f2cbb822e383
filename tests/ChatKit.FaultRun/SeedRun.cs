using ChatKit.Client;
using ChatKit.Testing;

namespace ChatKit.FaultRun;

/// <summary>Plays one seed and checks it.</summary>
internal static class SeedRun
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EnterLimit = TimeSpan.FromSeconds(30);
    private static int tenants;

    public static async Task<SeedResult> RunAsync(FaultStage stage, Plan plan, RunOptions options, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        await using var proxy = FaultProxy.Start(stage.Host.Address);
        await using var cast = new Cast($"t{Interlocked.Increment(ref tenants)}", new Uri(proxy.Through(stage.Host.Address), "chat"));
        using (var limit = Limit(EnterLimit, cancellationToken))
        {
            await cast.EnterAsync(plan, limit.Token);
        }

        await PlayAsync(stage, plan, proxy, cast, cancellationToken);
        proxy.Calm();
        var played = time.GetElapsedTime(began);
        var findings = await SettleAsync(cast, options, time, cancellationToken);
        return new SeedResult(findings, [.. cast.Actors.Select(static actor => actor.Record)], played, time.GetElapsedTime(began));
    }

    private static async Task PlayAsync(FaultStage stage, Plan plan, FaultProxy proxy, Cast cast, CancellationToken cancellationToken)
    {
        var weather = proxy.RunAsync(plan.Weather, cancellationToken);
        var kills = KillAsync(stage, plan, cancellationToken);
        var database = stage.Database?.PlayAsync(plan.Database, cancellationToken) ?? Task.CompletedTask;
        var began = TimeProvider.System.GetTimestamp();
        foreach (var step in plan.Steps)
        {
            await UntilAsync(step.At, began, cancellationToken);
            cast.Do(step, cancellationToken);
        }

        await weather;
        await kills;
        await database;
    }

    private static async Task KillAsync(FaultStage stage, Plan plan, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        foreach (var at in plan.Kills)
        {
            await UntilAsync(at, began, cancellationToken);
            await stage.Host.RestartAsync(cancellationToken);
        }
    }

    private static async Task UntilAsync(TimeSpan at, long began, CancellationToken cancellationToken)
    {
        var wait = at - TimeProvider.System.GetElapsedTime(began);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Good weather until the checker is content: what is on the way arrives, what is not right then stays wrong.</summary>
    private static async Task<IReadOnlyList<Finding>> SettleAsync(Cast cast, RunOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        IReadOnlyList<Finding> findings;
        string? trouble = null;
        do
        {
            using var limit = Limit(options.Patience, cancellationToken);
            try
            {
                await cast.GatherAsync(limit.Token);
                await Task.WhenAll(cast.Actors.Select(actor => actor.FinishAsync(limit.Token)));
                trouble = null;
            }
            catch (Exception e) when (e is ChatClientException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                trouble = $"{e.Message} {cast.Unquiet()}"; // A connection of the bad weather, still being given up.
            }

            findings = Checker.Check([.. cast.Actors.Select(static actor => actor.Record)]);
            if (trouble is null && findings.Count == 0)
            {
                return findings;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
        while (time.GetElapsedTime(began) < options.Patience && !findings.Any(static finding => IsLasting(finding.Kind)));

        return trouble is null ? findings : [new Finding(FindingKind.Connection, "", null, null, $"it did not become quiet: {trouble}"), .. findings];
    }

    /// <summary>What no waiting can mend.</summary>
    private static bool IsLasting(FindingKind kind) => kind is FindingKind.Doubled or FindingKind.Gap or FindingKind.NotVisible or FindingKind.OutOfOrder
        or FindingKind.ShownOutOfOrder or FindingKind.Split or FindingKind.NotMember or FindingKind.CursorMovedBack or FindingKind.ReceiptMovedBack;

    private static CancellationTokenSource Limit(TimeSpan limit, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(limit);
        return source;
    }
}
