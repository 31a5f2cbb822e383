using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChatKit.Hosting;

/// <summary>A host without a store does not start, and is told what to call.</summary>
internal sealed class PlugValidator(IServiceProviderIsService services) : IValidateOptions<ChatKitOptions>
{
    private static readonly Type[] Plugs =
    [
        typeof(IMessageStore), typeof(IStoreIdentity), typeof(IFeedCheckpointStore), typeof(IReceiptStore), typeof(IUserStateStore), typeof(IRelayQueue),
        typeof(IDeviceMailbox), typeof(IGroupDirectory), typeof(ISessionRegistry), typeof(IDeviceDirectory), typeof(ILastSeenStore), typeof(IAssetStore),
    ];

    public ValidateOptionsResult Validate(string? name, ChatKitOptions options)
    {
        var missing = Plugs.Where(plug => !services.IsService(plug)).Select(plug => plug.Name).ToList();
        if (missing.Count == 0)
        {
            return ValidateOptionsResult.Success;
        }

        return ValidateOptionsResult.Fail(missing.Count == Plugs.Length
            ? "ChatKit has no store: call AddChatKit().UseLiteDb(\"data/chat.db\") for one process, or AddChatKit().UsePostgres(connectionString) for many."
            : $"ChatKit lacks {string.Join(", ", missing)}: register them, or call UseLiteDb(…) or UsePostgres(…), which bring all of them.");
    }
}
