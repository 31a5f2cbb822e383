namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Stands still at the time it was made.</summary>
internal sealed class StoppedClock(TimeProvider timeProvider) : TimeProvider
{
    private readonly DateTimeOffset _now = timeProvider.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;
}
