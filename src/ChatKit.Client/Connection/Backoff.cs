namespace ChatKit.Client.Connection;

/// <summary>Full jitter: each wait is drawn evenly between zero and a bound that doubles with every failure, so that a thousand clients of a
/// restarted host do not come back in one instant.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan max, int? seed)
{
#pragma warning disable CA5394 // Jitter needs no secrecy, and tests need it repeatable.
    private readonly Random random = seed is { } s ? new Random(s) : new Random();

    /// <summary>The wait after the failure number <paramref name="attempt"/> (from 0). Not thread-safe.</summary>
    public TimeSpan Next(int attempt)
    {
        var bound = Math.Min(max.Ticks, first.Ticks * Math.Pow(2, Math.Min(attempt, 40)));
        return TimeSpan.FromTicks((long)(random.NextDouble() * bound));
    }
#pragma warning restore CA5394
}
