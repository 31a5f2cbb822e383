using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>Memory: each host's own.</summary>
internal sealed class InMemoryStore : ITestStore
{
    public Task CreateAsync() => Task.CompletedTask;

    public void Use(IChatKitBuilder chat) => chat.UseInMemory();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
