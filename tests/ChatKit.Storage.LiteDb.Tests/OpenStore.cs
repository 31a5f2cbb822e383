using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Storage.LiteDb.Tests;

/// <summary>A store opened as a host opens it: through UseLiteDb and the container.</summary>
internal sealed class OpenStore : IDisposable
{
    private readonly ServiceProvider _provider;

    public OpenStore(string path, TimeProvider? time = null, Action<LiteDbOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var collection = new ServiceCollection();
        services?.Invoke(collection);
        if (time is not null)
        {
            collection.AddSingleton(time);
        }

        new TestBuilder(collection).UseLiteDb(options =>
        {
            options.Path = path;
            configure?.Invoke(options);
        });
        _provider = collection.BuildServiceProvider();
        try
        {
            _provider.GetRequiredService<LiteDbDatabase>();
        }
        catch
        {
            _provider.Dispose();
            throw;
        }
    }

    public LiteDbDatabase Database => Get<LiteDbDatabase>();

    public IMessageStore Messages => Get<IMessageStore>();

    public T Get<T>()
        where T : notnull => _provider.GetRequiredService<T>();

    public object[] Plugs =>
    [
        Get<LiteDbMessageStore>(), Get<IReceiptStore>(), Get<IUserStateStore>(), Get<IRelayQueue>(), Get<IDeviceMailbox>(),
        Get<IGroupDirectory>(), Get<ISessionRegistry>(), Get<IDeviceDirectory>(), Get<ILastSeenStore>(), Get<IAssetStore>(),
    ];

    public void Dispose() => _provider.Dispose();
}
