using ChatKit;
using ChatKit.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes ChatKit keep everything in PostgreSQL.</summary>
public static class PostgresChatKitBuilderExtensions
{
    /// <summary>Keeps everything in a PostgreSQL database. May be called more than once; the settings are applied in order.</summary>
    /// <param name="builder">The builder of <c>AddChatKit()</c>.</param>
    /// <param name="connectionString">The connection string, for example <c>Host=db;Database=chat;Username=chat;Password=…</c>.</param>
    /// <param name="configure">Other settings; null for the defaults.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> is empty.</exception>
    public static IChatKitBuilder UsePostgres(this IChatKitBuilder builder, string connectionString, Action<PostgresOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.UsePostgres(options =>
        {
            options.ConnectionString = connectionString;
            options.DataSource = null;
            configure?.Invoke(options);
        });
    }

    /// <summary>Keeps everything in a PostgreSQL database that the host connects to. May be called more than once; the settings are applied in order.</summary>
    /// <param name="builder">The builder of <c>AddChatKit()</c>.</param>
    /// <param name="dataSource">The data source; the host disposes it after the store.</param>
    /// <param name="configure">Other settings; null for the defaults.</param>
    /// <returns>The builder.</returns>
    public static IChatKitBuilder UsePostgres(this IChatKitBuilder builder, NpgsqlDataSource dataSource, Action<PostgresOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return builder.UsePostgres(options =>
        {
            options.DataSource = dataSource;
            configure?.Invoke(options);
        });
    }

    /// <summary>Keeps everything in a PostgreSQL database. May be called more than once; the settings are applied in order.</summary>
    /// <param name="builder">The builder of <c>AddChatKit()</c>.</param>
    /// <param name="configure">Sets at least <see cref="PostgresOptions.ConnectionString"/> or <see cref="PostgresOptions.DataSource"/>.</param>
    /// <returns>The builder.</returns>
    public static IChatKitBuilder UsePostgres(this IChatKitBuilder builder, Action<PostgresOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var services = builder.Services;
        services.AddOptions<PostgresOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgresOptions>, PostgresOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PostgresDatabase>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PostgresStartup>());
        services.TryAddSingleton<PostgresMessageStore>();
        services.TryAddSingleton<IMessageStore>(static provider => provider.GetRequiredService<PostgresMessageStore>());
        services.TryAddSingleton<IStoreIdentity>(static provider => provider.GetRequiredService<PostgresMessageStore>());
        services.TryAddSingleton<ILogRetention>(static provider => provider.GetRequiredService<PostgresMessageStore>());
        services.TryAddSingleton<IFeedCheckpointStore, PostgresFeedCheckpointStore>();
        services.TryAddSingleton<IReceiptStore, PostgresReceiptStore>();
        services.TryAddSingleton<IUserStateStore, PostgresUserStateStore>();
        services.TryAddSingleton<IRelayQueue, PostgresRelayQueue>();
        services.TryAddSingleton<IDeviceMailbox, PostgresDeviceMailbox>();
        services.TryAddSingleton<IGroupDirectory, PostgresGroupDirectory>();
        services.TryAddSingleton<ISessionRegistry, PostgresSessionRegistry>();
        services.TryAddSingleton<IDeviceDirectory, PostgresDeviceDirectory>();
        services.TryAddSingleton<ILastSeenStore, PostgresLastSeenStore>();
        services.TryAddSingleton<IAssetStore, PostgresAssetStore>();
        return builder;
    }
}
