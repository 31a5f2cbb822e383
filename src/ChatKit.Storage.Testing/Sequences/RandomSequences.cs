using System.Diagnostics;
using System.Globalization;
using ChatKit.Storage.Testing.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using TestResult = FsCheck.TestResult;

namespace ChatKit.Storage.Testing.Sequences;

/// <summary>Runs random sequences on a store and its model (with FsCheck), and shortens one that fails.</summary>
internal static class RandomSequences
{
    private const string ReplayVariable = "CHATKIT_KIT_REPLAY";
    private const int MaxDice = 48;
    private const int MaxSteps = 60;

    /// <summary>Shortening runs the store again and again; after this time the shortest found so far must do.</summary>
    private static readonly TimeSpan MaxShrinkTime = TimeSpan.FromSeconds(20);

    /// <summary>The seed printed with a failure, where a caller replays it; else the environment may name one.</summary>
    internal static AsyncLocal<string?> Replayed { get; } = new();

    /// <summary>Runs sequences until one fails.</summary>
    /// <param name="create">Makes the machine of one sequence.</param>
    /// <param name="sequences">How many.</param>
    public static Task CheckAsync(Func<Machine> create, int sequences)
    {
        // FsCheck's shrinking is synchronous; it gets a thread of its own, from which the asynchronous runs are awaited.
        var replay = Replayed.Value ?? Environment.GetEnvironmentVariable(ReplayVariable);
        var token = TestContext.Current.CancellationToken;
        return Task.Factory.StartNew(
            () => Check(create, replay is null ? sequences : 1, replay, token),
            token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Check(Func<Machine> create, int sequences, string? replay, CancellationToken token)
    {
        Failure? failure = null;
        var failedAt = 0L;
        var report = new Report();
        var config = Config.Default.WithMaxTest(sequences).WithStartSize(3).WithEndSize(MaxSteps).WithRunner(report);
        if (replay is not null)
        {
            config = config.WithReplay(FSharpOption<Replay>.Some(Parse(replay)));
        }

        var arbitrary = Arb.From(Sequence(), StepShrinker.Shrink);
        FsCheck.Check.One(config, Prop.ForAll(arbitrary, (Step[] steps) =>
        {
            token.ThrowIfCancellationRequested();
            if (failure is not null && Stopwatch.GetElapsedTime(failedAt) > MaxShrinkTime)
            {
                return true;
            }

            var machine = create();
            try
            {
                Task.Run(() => machine.RunAsync(steps), CancellationToken.None).GetAwaiter().GetResult();
                return true;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !token.IsCancellationRequested)
            {
                // Only a shorter sequence that fails is tried after one that failed, so the last failure is the shortest.
                failedAt = failure is null ? Stopwatch.GetTimestamp() : failedAt;
                failure = new Failure(steps.Length, machine.Describe(), exception);
                return false;
            }
        }));
        if (failure is not null)
        {
            throw new SequenceFailedException(
                $"""
                {failure.Exception.Message}

                This happened in (shortened from {report.OriginalSteps} steps):
                {failure.Description}

                Run it again with {ReplayVariable}={report.Replay}
                """,
                failure.Steps, failure.Exception);
        }
    }

    private static Gen<Step[]> Sequence()
    {
        var step =
            from move in Gen.Choose(0, 9_999)
            from dice in Gen.ArrayOf(Gen.Choose(0, 9_999), MaxDice)
            select new Step(move, dice);
        return Gen.Sized(size => Gen.SelectMany(Gen.Choose(Math.Max(1, size / 2), Math.Max(1, size)), length => Gen.ArrayOf(step, length)));
    }

    private static Replay Parse(string replay)
    {
        var parts = replay.Split(',');
        return new Replay(
            new Rnd(ulong.Parse(parts[0], CultureInfo.InvariantCulture), ulong.Parse(parts[1], CultureInfo.InvariantCulture)),
            FSharpOption<int>.Some(int.Parse(parts[2], CultureInfo.InvariantCulture)));
    }

    private sealed record Failure(int Steps, string Description, Exception Exception);

    /// <summary>Keeps what FsCheck says at the end.</summary>
    private sealed class Report : IRunner
    {
        public int OriginalSteps { get; private set; }

        public string Replay { get; private set; } = "";

        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult testResult)
        {
            if (testResult is TestResult.Failed failed)
            {
                OriginalSteps = ((Step[])failed.Item2.Head).Length;
                Replay = string.Create(CultureInfo.InvariantCulture, $"{failed.Item6.Seed},{failed.Item6.Gamma},{failed.Item7}");
            }
        }
    }
}
