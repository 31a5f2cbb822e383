namespace ChatKit.Storage.Testing.Support;

/// <summary>A clock that stands still until it is moved, also back. Its timers are the system's.</summary>
internal sealed class SettableClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2030, 6, 1, 12, 0, 0, 250, TimeSpan.Zero).Ticks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
