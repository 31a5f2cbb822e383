using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.Postgres.Tests;

/// <summary>A store opened as a host opens it: through UsePostgres and the container.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private OpenStore(string connectionString, string schema, TimeProvider? time, Action<PostgresOptions>? configure)
    {
        var services = new ServiceCollection();
        new TestBuilder(services).UsePostgres(connectionString, options =>
        {
            options.Schema = schema;
            configure?.Invoke(options);
        });
        _provider = services.BuildServiceProvider();
        try
        {
            Database.ClockOverride = time;
        }
        catch
        {
            _provider.Dispose();
            throw;
        }
    }

    public PostgresDatabase Database => Get<PostgresDatabase>();

    public IMessageStore Messages => Get<IMessageStore>();

    public object[] Plugs =>
    [
        Get<PostgresMessageStore>(), Get<IFeedCheckpointStore>(), Get<IReceiptStore>(), Get<IUserStateStore>(), Get<IRelayQueue>(), Get<IDeviceMailbox>(),
        Get<IGroupDirectory>(), Get<ISessionRegistry>(), Get<IDeviceDirectory>(), Get<ILastSeenStore>(), Get<IAssetStore>(),
    ];

    public static async Task<OpenStore> OpenAsync(
        string connectionString, string schema, TimeProvider? time = null, Action<PostgresOptions>? configure = null)
    {
        var store = new OpenStore(connectionString, schema, time, configure);
        try
        {
            await store.Database.StartAsync(TestContext.Current.CancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
