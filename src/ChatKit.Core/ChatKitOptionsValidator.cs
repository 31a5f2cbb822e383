using Microsoft.Extensions.Options;

namespace ChatKit;

/// <summary>Every message names the setting, its range and the value found, so that the fix is in it.</summary>
internal sealed class ChatKitOptionsValidator : IValidateOptions<ChatKitOptions>
{
    public ValidateOptionsResult Validate(string? name, ChatKitOptions options)
    {
        var failures = new List<string>();
        Number(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1, 1024 * 1024);
        Number(nameof(options.MaxGroupMembers), options.MaxGroupMembers, 2, 100_000);
        Number(nameof(options.MaxAssets), options.MaxAssets, 0, 256);
        Number(nameof(options.WindowEntries), options.WindowEntries, 1, 10_000);
        Number(nameof(options.WindowBytes), options.WindowBytes, 64 * 1024, 64 * 1024 * 1024);
        Number(nameof(options.ReceiptsToAllMembers), options.ReceiptsToAllMembers, 2, 100_000);
        Number(nameof(options.WriterQueueCapacity), options.WriterQueueCapacity, 1, 1_000_000);
        Number(nameof(options.WriterBatchItems), options.WriterBatchItems, 1, 500);
        Number(nameof(options.Writers), options.Writers, 0, 64);
        Time(nameof(options.SlowConsumerTimeout), options.SlowConsumerTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Time(nameof(options.ReceiptFlushInterval), options.ReceiptFlushInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(250));
        Time(nameof(options.OnlineFor), options.OnlineFor, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));
        Time(nameof(options.TypingExpiry), options.TypingExpiry, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Time(nameof(options.DeviceForgottenAfter), options.DeviceForgottenAfter, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        Time(nameof(options.NodeLease), options.NodeLease, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));
        Time(nameof(options.DeviceCheckInterval), options.DeviceCheckInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Time(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Time(nameof(options.DrainSpread), options.DrainSpread, TimeSpan.Zero, options.DrainTimeout);
        Time(nameof(options.RecoveryInterval), options.RecoveryInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
        Time(nameof(options.NotificationDelay), options.NotificationDelay, TimeSpan.Zero, TimeSpan.FromHours(1));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Number(string setting, int value, int min, int max)
        {
            if (value < min || value > max)
            {
                failures.Add($"ChatKitOptions.{setting} is {value}; set it to a value from {min} to {max}.");
            }
        }

        void Time(string setting, TimeSpan value, TimeSpan min, TimeSpan max)
        {
            if (value < min || value > max)
            {
                failures.Add($"ChatKitOptions.{setting} is {value}; set it to a time from {min} to {max}.");
            }
        }
    }
}
