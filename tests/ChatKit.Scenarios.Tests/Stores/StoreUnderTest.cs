using System.Reflection;
using ChatKit.Scenarios.Tests.Stores;
using Xunit.v3;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>The store of the class that runs: by its <see cref="OnStoreAttribute{T}"/>, or PostgreSQL.</summary>
internal static class StoreUnderTest
{
    public static async Task<ITestStore> CreateAsync()
    {
        var running = ((IXunitTestClass)TestContext.Current.TestClass!).Class;
        var store = running.GetCustomAttribute<OnStoreAttribute>()?.New() ?? new PostgresStore();
        await store.CreateAsync();
        return store;
    }

    /// <summary>All of these outlive a host.</summary>
    public static Task<ITestStore> CreateDurableAsync() => CreateAsync();
}
