using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Scenarios.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Scenarios.Tests.Mixing;

/// <summary>How plugs of several adapters are put together.</summary>
public sealed class UseForTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_named_plugs_come_from_the_adapter_and_no_other_whatever_the_order(bool first)
    {
        using var folder = new TemporaryFolder();
        await using var host = await ChatHost.StartAsync(options => options.Store = chat =>
        {
            if (!first)
            {
                chat.UseInMemory();
            }

            chat.UseFor(ChatPlugs.Groups | ChatPlugs.Assets, other => other.UseLiteDb(Path.Combine(folder.Path, "chat.db")));
            if (first)
            {
                chat.UseInMemory();
            }
        });
        Assert.Equal(["IAssetStore", "IGroupDirectory"], Plugs(host).Where(plug => plug.From == "ChatKit.Storage.LiteDb").Select(plug => plug.Name));
        Assert.Equal(11, Plugs(host).Count(plug => plug.From == "ChatKit.Core"));
    }

    [Fact]
    public async Task One_adapter_may_be_there_twice_and_of_two_calls_for_a_plug_the_last_counts()
    {
        using var folder = new TemporaryFolder();
        await using var host = await ChatHost.StartAsync(options => options.Store = chat => chat
            .UseLiteDb(Path.Combine(folder.Path, "chat.db"))
            .UseFor(ChatPlugs.Groups, groups => groups.UseInMemory())
            .UseFor(ChatPlugs.Groups, groups => groups.UseLiteDb(Path.Combine(folder.Path, "groups.db"))));
        var sent = await host.Chat.SendAsync(SendMessage.Direct(new UserId("anna"), new UserId("ben"), "hi"), Stop);
        Assert.True(sent.IsSuccess);
        Assert.True(File.Exists(Path.Combine(folder.Path, "groups.db")));
        Assert.NotNull((await host.App.Services.GetRequiredService<IGroupDirectory>().GetAsync([sent.Value.Conversation], Stop))[0]);
    }

    [Fact]
    public async Task Settings_of_the_adapter_are_checked_at_the_start()
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => ChatHost.StartAsync(options => options.Store = chat => chat
            .UseInMemory().UseFor(ChatPlugs.Groups, groups => groups.UsePostgres("Database=nowhere"))));
        Assert.Contains("names no Host", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_adapters_own_work_starts_with_the_host()
    {
        // The schema is made before the first use: the adapter's hosted service does it.
        await using var groups = new PostgresStore();
        await groups.CreateAsync();
        await using var host = await ChatHost.StartAsync(options => options.Store = chat => chat
            .UseInMemory().UseFor(ChatPlugs.Groups, other => other.UsePostgres(groups.ConnectionString, postgres => postgres.Schema = "elsewhere")));
        Assert.Contains(host.Log.Lines, line => line.Event.Id == 3201);
    }

    [Fact]
    public void Logs_without_retention_do_not_get_that_of_another_store()
    {
        var services = new ServiceCollection();
        services.AddChatKitCore().UseInMemory().UseFor(ChatPlugs.Messages, bare =>
        {
            bare.UseInMemory();
            bare.Services.Remove(bare.Services.Single(service => service.ServiceType == typeof(ILogRetention)));
        });
        using var provider = services.BuildServiceProvider();
        Assert.Null(provider.GetService<ILogRetention>());
        Assert.NotNull(provider.GetService<IMessageStore>());
    }

    [Fact]
    public void What_cannot_be_is_refused_at_once()
    {
        var chat = new ServiceCollection().AddChatKitCore();
        Assert.Throws<ArgumentException>(() => chat.UseFor(ChatPlugs.None, other => other.UseInMemory()));
        Assert.Throws<ArgumentException>(() => chat.UseFor((ChatPlugs)512, other => other.UseInMemory()));
        var fault = Assert.Throws<ArgumentException>(() => chat.UseFor(ChatPlugs.Assets, other => other.Services.AddSingleton(TimeProvider.System)));
        Assert.Contains("IAssetStore", fault.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, string? From)> Plugs(ChatHost host) => new[]
    {
        typeof(IMessageStore), typeof(IStoreIdentity), typeof(ILogRetention), typeof(IFeedCheckpointStore), typeof(IReceiptStore), typeof(IUserStateStore),
        typeof(IRelayQueue), typeof(IDeviceMailbox), typeof(IGroupDirectory), typeof(ISessionRegistry), typeof(IDeviceDirectory), typeof(ILastSeenStore),
        typeof(IAssetStore),
    }.Select(type => (type.Name, From: host.App.Services.GetRequiredService(type).GetType().Assembly.GetName().Name)).OrderBy(plug => plug.Name, StringComparer.Ordinal);
}
