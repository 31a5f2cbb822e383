using ChatKit.AspNetCore.Tests.Hosting;
using ChatKit.AspNetCore.Tests.Scenarios;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.Scenarios.Tests.Stores;

/// <summary>The SQLite file of the sample adapter, in a folder of its own.</summary>
internal sealed class SqliteStore : ITestStore
{
    private readonly TemporaryFolder folder = new();

    public Task CreateAsync() => Task.CompletedTask;

    public void Use(IChatKitBuilder chat) => chat.UseSqlite(Path.Combine(folder.Path, "chat.db"));

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
