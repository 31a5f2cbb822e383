using ChatKit;
using ChatKit.InMemory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the in-memory adapters to a ChatKit host.</summary>
public static class InMemoryChatKitBuilderExtensions
{
    /// <summary>Keeps everything in memory: for tests and throw-away hosts. Everything is lost on exit, nothing is shared with
    /// another process, and memory grows with every message. A plug that is registered already stays as it is; safe to call twice.</summary>
    /// <param name="builder">What <c>AddChatKit()</c> returned.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IChatKitBuilder UseInMemory(this IChatKitBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);

        services.TryAddSingleton(provider => new InMemoryMessageStore(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IMessageStore>(provider => provider.GetRequiredService<InMemoryMessageStore>());
        services.TryAddSingleton<IStoreIdentity>(provider => provider.GetRequiredService<InMemoryMessageStore>());
        services.TryAddSingleton<ILogRetention>(provider => provider.GetRequiredService<InMemoryMessageStore>());
        services.TryAddSingleton<IFeedCheckpointStore>(provider => provider.GetRequiredService<InMemoryMessageStore>());

        services.TryAddSingleton<InMemoryRelayQueue>();
        services.TryAddSingleton<IRelayQueue>(provider => provider.GetRequiredService<InMemoryRelayQueue>());
        services.TryAddSingleton<IDeviceMailbox>(provider => provider.GetRequiredService<InMemoryRelayQueue>());

        services.TryAddSingleton<IReceiptStore, InMemoryReceiptStore>();
        services.TryAddSingleton<IUserStateStore, InMemoryUserStateStore>();
        services.TryAddSingleton<IGroupDirectory, InMemoryGroupDirectory>();
        services.TryAddSingleton<ISessionRegistry>(
            provider => new InMemorySessionRegistry(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IDeviceDirectory, InMemoryDeviceDirectory>();
        services.TryAddSingleton<ILastSeenStore, InMemoryLastSeenStore>();
        services.TryAddSingleton<IAssetStore, InMemoryAssetStore>();
        services.TryAddSingleton<IBackplane, InMemoryBackplane>();
        return builder;
    }
}
