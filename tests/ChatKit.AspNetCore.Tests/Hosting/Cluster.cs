using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>Hosts over one store (in memory) and one backplane: the nodes of a cluster, in one process.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly Type[] Plugs =
    [
        typeof(IMessageStore), typeof(IStoreIdentity), typeof(ILogRetention), typeof(IFeedCheckpointStore), typeof(IRelayQueue), typeof(IDeviceMailbox),
        typeof(IReceiptStore), typeof(IUserStateStore), typeof(IGroupDirectory), typeof(ISessionRegistry), typeof(IDeviceDirectory), typeof(ILastSeenStore),
        typeof(IAssetStore),
    ];

    private readonly ServiceProvider store;
    private readonly Action<ChatHostOptions> configure;

    public Cluster(Action<ChatHostOptions>? configure = null)
    {
        this.configure = configure ?? (_ => { });
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(Clock);
        new Builder(services).UseInMemory();
        store = services.BuildServiceProvider();
    }

    /// <summary>The clock of the store, and of nodes that do not set their own.</summary>
    public TimeProvider Clock { get; } = new Scenarios.ShiftedTime();

    public SharedBackplane Backplane { get; } = new();

    public T Plug<T>()
        where T : class => store.GetRequiredService<T>();

    public Task<ChatHost> StartAsync(Action<ChatHostOptions>? more = null) => ChatHost.StartAsync(options =>
    {
        configure(options);
        more?.Invoke(options);
        options.Store = chat =>
        {
            foreach (var plug in Plugs)
            {
                // By a factory of an instance that the host does not own: a stopped node leaves the store to the others.
                chat.Services.AddSingleton(plug, store.GetRequiredService(plug));
            }

            chat.Services.Replace(ServiceDescriptor.Singleton<IBackplane>(Backplane));
            chat.Services.TryAddSingleton(Clock);
        };
    });

    public async ValueTask DisposeAsync()
    {
        await Backplane.DisposeAsync();
        await store.DisposeAsync();
    }

    private sealed class Builder(IServiceCollection services) : IChatKitBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
