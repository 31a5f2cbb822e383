using ChatKit;
using ChatKit.Samples.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the SQLite adapter to a ChatKit host.</summary>
public static class SqliteChatKitBuilderExtensions
{
    #region sqlite-use
    /// <summary>Keeps everything in one SQLite file. A plug that is registered already stays as it is; safe to call twice.</summary>
    /// <param name="builder">What <c>AddChatKit()</c> returned.</param>
    /// <param name="path">The file; made when it is not there.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException">There is no path.</exception>
    public static IChatKitBuilder UseSqlite(this IChatKitBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new SqliteDatabase(path, provider.GetRequiredService<TimeProvider>()));

        services.TryAddSingleton<SqliteMessageStore>();
        services.TryAddSingleton<IMessageStore>(provider => provider.GetRequiredService<SqliteMessageStore>());
        services.TryAddSingleton<IStoreIdentity>(provider => provider.GetRequiredService<SqliteMessageStore>());
        services.TryAddSingleton<ILogRetention>(provider => provider.GetRequiredService<SqliteMessageStore>());
        services.TryAddSingleton<IFeedCheckpointStore>(provider => provider.GetRequiredService<SqliteMessageStore>());

        services.TryAddSingleton<IReceiptStore, SqliteReceiptStore>();
        services.TryAddSingleton<IUserStateStore, SqliteUserStateStore>();
        services.TryAddSingleton<IRelayQueue, SqliteRelayQueue>();
        services.TryAddSingleton<IDeviceMailbox, SqliteDeviceMailbox>();
        services.TryAddSingleton<IGroupDirectory, SqliteGroupDirectory>();
        services.TryAddSingleton<ISessionRegistry, SqliteSessionRegistry>();
        services.TryAddSingleton<IDeviceDirectory, SqliteDeviceDirectory>();
        services.TryAddSingleton<ILastSeenStore, SqliteLastSeenStore>();
        services.TryAddSingleton<IAssetStore, SqliteAssetStore>();
        return builder;
    }
    #endregion
}
