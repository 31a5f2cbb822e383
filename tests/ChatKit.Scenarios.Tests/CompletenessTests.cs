using System.Reflection;
using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using ChatKit.Scenarios.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Scenarios.Tests;

/// <summary>No scenario is forgotten on any adapter, and each runs on the one it names.</summary>
public sealed class CompletenessTests
{
    [Theory]
    [InlineData("OnLiteDb")]
    [InlineData("OnSqlite")]
    public void Every_scenario_runs_on_every_adapter(string adapter)
    {
        var types = typeof(CompletenessTests).Assembly.GetTypes();
        var scenarios = types.Where(type => type.Namespace == typeof(GroupTests).Namespace && type.Name.EndsWith("Tests", StringComparison.Ordinal)).ToList();
        Assert.Equal(10, scenarios.Count(type => type.IsPublic));
        var run = types.Where(type => type.Namespace == "ChatKit.Scenarios.Tests." + adapter && type.GetCustomAttribute<OnStoreAttribute>() is not null)
            .Select(type => type.BaseType!);
        Assert.Empty(scenarios.Except(run));
    }

    [Fact]
    public Task Without_a_word_a_host_is_on_PostgreSQL() => ExpectAsync("PostgresMessageStore");

    private static async Task ExpectAsync(string store)
    {
        await using var host = await ChatHost.StartAsync();
        Assert.Equal(store, host.App.Services.GetRequiredService<IMessageStore>().GetType().Name);
    }

    [OnStore<LiteDbStore>]
    public sealed class OnLiteDb
    {
        [Fact]
        public Task The_attribute_decides() => ExpectAsync("LiteDbMessageStore");
    }
}
