using ChatKit.AspNetCore.Security;
using ChatKit.Sessions;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore;

/// <summary>Every message names the setting and what to set it to.</summary>
internal sealed class ChatKitWebOptionsValidator(IOptionsMonitor<ChatKitOptions> engine) : IValidateOptions<ChatKitWebOptions>
{
    private const int Largest = 16 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, ChatKitWebOptions options)
    {
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.UserIdClaim))
        {
            failures.Add("ChatKitWebOptions.UserIdClaim is empty; set it to the type of the claim that holds the user's id.");
        }

        if (options.TenantClaim is { } tenant && string.IsNullOrWhiteSpace(tenant))
        {
            failures.Add("ChatKitWebOptions.TenantClaim is empty; set it to a claim's type, or to null for a host with one customer.");
        }

        foreach (var origin in options.AllowedOrigins)
        {
            if (!Origin.TryParse(origin, out _))
            {
                failures.Add($"ChatKitWebOptions.AllowedOrigins has '{origin}'; write each as scheme://host[:port], for example https://app.example.com. There is no wildcard.");
            }
        }

        // A body in base64 takes four thirds; the rest of the frame (ids, content type, assets) fits into 16 KiB.
        var needed = Math.Min(Largest, (engine.CurrentValue.MaxBodyBytes / 3 * 4) + (16 * 1024));
        Size(nameof(options.MaxFrameBytes), options.MaxFrameBytes);
        Size(nameof(options.MaxRequestBytes), options.MaxRequestBytes);
        Time(nameof(options.LongPollMax), options.LongPollMax, TimeSpan.Zero, SyncPoll.MaxWait);
        Time(nameof(options.HealthTimeout), options.HealthTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Time(nameof(options.SignInExpiryNotice), options.SignInExpiryNotice, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Time(nameof(options.HelloTimeout), options.HelloTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Number(nameof(options.MaxConnections), options.MaxConnections, 10_000_000);
        Number(nameof(options.MaxConnectionsPerUser), options.MaxConnectionsPerUser, 1_000_000);
        foreach (var (kind, limit) in new[]
        {
            (nameof(ChatRateLimitOptions.Writes), options.RateLimits.Writes), (nameof(ChatRateLimitOptions.Groups), options.RateLimits.Groups),
            (nameof(ChatRateLimitOptions.Signals), options.RateLimits.Signals), (nameof(ChatRateLimitOptions.Reads), options.RateLimits.Reads),
            (nameof(ChatRateLimitOptions.Connections), options.RateLimits.Connections),
        })
        {
            Number($"RateLimits.{kind}.Burst", limit.Burst, 1_000_000);
            Number($"RateLimits.{kind}.PerSecond", limit.PerSecond, 1_000_000);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Size(string setting, int value)
        {
            if (value is < 4096 or > Largest)
            {
                failures.Add($"ChatKitWebOptions.{setting} is {value}; set it to a value from 4096 to {Largest}.");
            }
            else if (value < needed)
            {
                failures.Add($"ChatKitWebOptions.{setting} is {value}, but a message of ChatKitOptions.MaxBodyBytes ({engine.CurrentValue.MaxBodyBytes}) may need {needed}; raise the one or lower the other.");
            }
        }

        void Number(string setting, int value, int max)
        {
            if (value < 1 || value > max)
            {
                failures.Add($"ChatKitWebOptions.{setting} is {value}; set it to a value from 1 to {max}.");
            }
        }

        void Time(string setting, TimeSpan value, TimeSpan min, TimeSpan max)
        {
            if (value < min || value > max)
            {
                failures.Add($"ChatKitWebOptions.{setting} is {value}; set it to a time from {min} to {max}.");
            }
        }
    }
}
