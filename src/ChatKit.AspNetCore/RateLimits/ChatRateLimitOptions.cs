namespace ChatKit;

/// <summary>How much a user may send to this node, whatever his connections and devices; what is too much is refused <c>rate_limited</c> and says when to
/// come again. Calls of the host's own code are not limited. A host that registers a
/// <c>PartitionedRateLimiter&lt;ChatRateLimitContext&gt;</c> of its own decides by that one instead.</summary>
public sealed class ChatRateLimitOptions
{
    /// <summary>Whether these limits hold. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Messages sent, edited, deleted. Default 1,000 at once, 50 a second.</summary>
    public ChatRateLimit Writes { get; set; } = new() { Burst = 1000, PerSecond = 50 };

    /// <summary>Groups created, members changed. Default 60 at once, 2 a second.</summary>
    public ChatRateLimit Groups { get; set; } = new() { Burst = 60, PerSecond = 2 };

    /// <summary>Typing, activity, watching presence. Default 300 at once, 20 a second.</summary>
    public ChatRateLimit Signals { get; set; } = new() { Burst = 300, PerSecond = 20 };

    /// <summary>Pages, details, receipts, read marks, polls. Default 600 at once, 100 a second.</summary>
    public ChatRateLimit Reads { get; set; } = new() { Burst = 600, PerSecond = 100 };

    /// <summary>Connections opened, sign-ins renewed. Default 60 at once, 2 a second.</summary>
    public ChatRateLimit Connections { get; set; } = new() { Burst = 60, PerSecond = 2 };

    internal ChatRateLimit Of(ChatCommandClass kind) => kind switch
    {
        ChatCommandClass.Write => Writes,
        ChatCommandClass.Group => Groups,
        ChatCommandClass.Signal => Signals,
        ChatCommandClass.Read => Reads,
        _ => Connections,
    };
}
