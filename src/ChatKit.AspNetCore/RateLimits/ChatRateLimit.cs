namespace ChatKit;

/// <summary>A bucket of commands: it holds a number of them and fills up steadily.</summary>
public sealed class ChatRateLimit
{
    /// <summary>How many may come at once. 1 to 1,000,000.</summary>
    public int Burst { get; set; } = 100;

    /// <summary>How many may come a second in the long run. 1 to 1,000,000.</summary>
    public int PerSecond { get; set; } = 10;
}
