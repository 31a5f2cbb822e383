using ChatKit;
using ChatKit.Storage.LiteDb;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes ChatKit keep everything in one embedded LiteDB file and a folder of blobs.</summary>
public static class LiteDbChatKitBuilderExtensions
{
    /// <summary>Keeps everything in one LiteDB file. May be called more than once; the last path wins.</summary>
    /// <param name="builder">The builder of <c>AddChatKit()</c>.</param>
    /// <param name="path">The database file, for example <c>data/chat.db</c>. It and its folder are made when they are missing.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public static IChatKitBuilder UseLiteDb(this IChatKitBuilder builder, string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return builder.UseLiteDb(options => options.Path = path);
    }

    /// <summary>Keeps everything in one LiteDB file. May be called more than once; the settings are applied in order.</summary>
    /// <param name="builder">The builder of <c>AddChatKit()</c>.</param>
    /// <param name="configure">Sets at least <see cref="LiteDbOptions.Path"/>.</param>
    /// <returns>The builder.</returns>
    public static IChatKitBuilder UseLiteDb(this IChatKitBuilder builder, Action<LiteDbOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var services = builder.Services;
        services.AddOptions<LiteDbOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LiteDbOptions>, LiteDbOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LiteDbDatabase>();
        services.TryAddSingleton<LiteDbMessageStore>();
        services.TryAddSingleton<IMessageStore>(static provider => provider.GetRequiredService<LiteDbMessageStore>());
        services.TryAddSingleton<IStoreIdentity>(static provider => provider.GetRequiredService<LiteDbMessageStore>());
        services.TryAddSingleton<ILogRetention>(static provider => provider.GetRequiredService<LiteDbMessageStore>());
        services.TryAddSingleton<IFeedCheckpointStore>(static provider => provider.GetRequiredService<LiteDbMessageStore>());
        services.TryAddSingleton<IReceiptStore, LiteDbReceiptStore>();
        services.TryAddSingleton<IUserStateStore, LiteDbUserStateStore>();
        services.TryAddSingleton<IRelayQueue, LiteDbRelayQueue>();
        services.TryAddSingleton<IDeviceMailbox, LiteDbDeviceMailbox>();
        services.TryAddSingleton<IGroupDirectory, LiteDbGroupDirectory>();
        services.TryAddSingleton<ISessionRegistry, ProcessSessionRegistry>();
        services.TryAddSingleton<IDeviceDirectory, LiteDbDeviceDirectory>();
        services.TryAddSingleton<ILastSeenStore, LiteDbLastSeenStore>();
        services.TryAddSingleton<IAssetStore, FolderAssetStore>();
        return builder;
    }
}
