namespace ChatKit;

/// <summary>What a host's own <c>PartitionedRateLimiter&lt;ChatRateLimitContext&gt;</c> is asked about.</summary>
public readonly record struct ChatRateLimitContext
{
    /// <summary>Creates the context.</summary>
    /// <param name="user">Who sends.</param>
    /// <param name="command">What it is counted as.</param>
    public ChatRateLimitContext(UserId user, ChatCommandClass command)
    {
        User = user;
        Command = command;
    }

    /// <summary>Who sends, with his tenant.</summary>
    public UserId User { get; }

    /// <summary>What it is counted as.</summary>
    public ChatCommandClass Command { get; }
}
