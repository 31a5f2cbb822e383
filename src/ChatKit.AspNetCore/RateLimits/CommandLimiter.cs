using System.Threading.RateLimiting;
using ChatKit.Sessions;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.RateLimits;

/// <summary>One bucket a user and kind of command; a bucket that is full again and unused is forgotten by the framework within seconds, so the users
/// of the past cost nothing.</summary>
internal sealed class CommandLimiter : ICommandLimiter, IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly PartitionedRateLimiter<ChatRateLimitContext>? limiter;
    private readonly bool isOwn;
    private int made;

    public CommandLimiter(IOptions<ChatKitWebOptions> options, PartitionedRateLimiter<ChatRateLimitContext>? ofHost = null)
    {
        limiter = ofHost;
        if (ofHost is null && options.Value.RateLimits is { Enabled: true } limits)
        {
            isOwn = true;
            limiter = PartitionedRateLimiter.Create<ChatRateLimitContext, ChatRateLimitContext>(
                context => RateLimitPartition.GetTokenBucketLimiter(context, key =>
                {
                    Interlocked.Increment(ref made);
                    return Bucket(limits.Of(key.Command));
                }));
        }
    }

    /// <summary>How many buckets were ever made: a bucket that vanished is made again.</summary>
    public int Made => Volatile.Read(ref made);

    public ChatError? Check(UserId user, ChatCommandClass command)
    {
        if (limiter is null)
        {
            return null;
        }

        using var lease = limiter.AttemptAcquire(new ChatRateLimitContext(user, command));
        if (lease.IsAcquired)
        {
            return null;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) && after > TimeSpan.Zero ? after : Second;
        return new ChatError(ChatErrorCode.RateLimited, $"Too many commands of the kind {command}: wait.", wait);
    }

    public void Dispose()
    {
        if (isOwn)
        {
            limiter?.Dispose();
        }
    }

    private static TokenBucketRateLimiterOptions Bucket(ChatRateLimit limit) => new()
    {
        TokenLimit = limit.Burst,
        TokensPerPeriod = limit.PerSecond,
        ReplenishmentPeriod = Second,
        QueueLimit = 0,
    };
}
