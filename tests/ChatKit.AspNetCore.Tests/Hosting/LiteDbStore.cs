using ChatKit.AspNetCore.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>A LiteDB file in a folder of its own.</summary>
internal sealed class LiteDbStore : ITestStore
{
    private readonly TemporaryFolder folder = new();

    public Task CreateAsync() => Task.CompletedTask;

    public void Use(IChatKitBuilder chat) => chat.UseLiteDb(Path.Combine(folder.Path, "chat.db"));

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
