namespace ChatKit.Storage.Testing.Journaling;

/// <summary>Says what it is told.</summary>
internal sealed class JournalClock : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
