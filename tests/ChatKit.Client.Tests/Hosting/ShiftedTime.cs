namespace ChatKit.Client.Tests.Hosting;

/// <summary>The system's clock, later by as much as a test says; timers run as always.</summary>
public sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
