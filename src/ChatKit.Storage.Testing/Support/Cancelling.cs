using System.Diagnostics;

namespace ChatKit.Storage.Testing.Support;

/// <summary>Cancels calls at points spread over the time they take, so that every await in them is met sooner or later.</summary>
internal static class Cancelling
{
    private const int Warmups = 5;

    /// <summary>Runs a call so many times and cancels each at another point.</summary>
    /// <param name="rounds">How many times.</param>
    /// <param name="call">The call of a round; it is also run a few times, with rounds below 0, to see how long it takes.</param>
    /// <param name="check">Looks at what came of it: the result, or default when the call ended as cancelled.</param>
    public static async Task AtEveryPointAsync<T>(int rounds, Func<int, CancellationToken, Task<T>> call, Func<int, bool, T?, Task> check)
    {
        var usual = TimeSpan.Zero;
        for (var n = 1; n <= Warmups; n++)
        {
            var started = Stopwatch.GetTimestamp();
            var result = await call(-n, TestContext.Current.CancellationToken);
            usual = Stopwatch.GetElapsedTime(started);
            await check(-n, false, result);
        }

        for (var round = 0; round < rounds; round++)
        {
            using var cancellation = new CancellationTokenSource();
            var (number, token, started) = (round, cancellation.Token, Stopwatch.GetTimestamp());
            var running = Task.Run(() => call(number, token), CancellationToken.None);
            var point = usual * (1.5 * round / rounds);
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(started) >= point);
            await cancellation.CancelAsync();
            T? result = default;
            var cancelled = false;
            try
            {
                result = await running;
            }
            catch (OperationCanceledException)
            {
                cancelled = true;
            }

            await check(round, cancelled, result);
        }
    }
}
