namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>What hosts of this project keep their chats in. ChatKit.Scenarios.Tests runs the scenarios on every adapter, and has a class of
/// this name for it.</summary>
internal static class StoreUnderTest
{
    /// <summary>A store for one host.</summary>
    public static Task<ITestStore> CreateAsync() => Task.FromResult<ITestStore>(new InMemoryStore());

    /// <summary>A store that is still there when its host has gone.</summary>
    public static Task<ITestStore> CreateDurableAsync() => Task.FromResult<ITestStore>(new LiteDbStore());
}
