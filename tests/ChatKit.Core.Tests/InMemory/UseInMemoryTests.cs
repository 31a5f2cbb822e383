using ChatKit.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Core.Tests.InMemory;

public sealed class UseInMemoryTests
{
    [Fact]
    public async Task It_registers_every_plug_and_role_once()
    {
        var builder = new Builder();
        Assert.Same(builder, builder.UseInMemory().UseInMemory());
        await using var provider = builder.Services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        Type[] plugs =
        [
            typeof(IMessageStore), typeof(IStoreIdentity), typeof(ILogRetention), typeof(IFeedCheckpointStore), typeof(IReceiptStore),
            typeof(IUserStateStore), typeof(IRelayQueue), typeof(IDeviceMailbox), typeof(IGroupDirectory), typeof(ISessionRegistry),
            typeof(IDeviceDirectory), typeof(ILastSeenStore), typeof(IAssetStore), typeof(IBackplane),
        ];
        foreach (var plug in plugs)
        {
            var only = Assert.Single(provider.GetServices(plug));
            Assert.Same(only, provider.GetRequiredService(plug));
        }

        Assert.Same(provider.GetRequiredService<IMessageStore>(), provider.GetRequiredService<IStoreIdentity>());
        Assert.Same(provider.GetRequiredService<IMessageStore>(), provider.GetRequiredService<ILogRetention>());
        Assert.Same(provider.GetRequiredService<IMessageStore>(), provider.GetRequiredService<IFeedCheckpointStore>());
        Assert.Same(provider.GetRequiredService<IRelayQueue>(), provider.GetRequiredService<IDeviceMailbox>());
    }

    [Fact]
    public async Task A_plug_that_is_registered_stays()
    {
        var builder = new Builder();
        var own = new InMemoryGroupDirectory();
        builder.Services.AddSingleton<IGroupDirectory>(own);
        builder.UseInMemory();
        await using var provider = builder.Services.BuildServiceProvider();
        Assert.Same(own, Assert.Single(provider.GetServices<IGroupDirectory>()));
    }

    private sealed class Builder : IChatKitBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
