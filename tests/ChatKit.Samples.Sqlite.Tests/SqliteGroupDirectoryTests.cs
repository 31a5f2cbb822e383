using ChatKit.Storage.Testing;

namespace ChatKit.Samples.Sqlite.Tests;

public sealed class SqliteGroupDirectoryTests : GroupDirectoryConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) => SqliteStorage.CreateAsync(timeProvider);
}
