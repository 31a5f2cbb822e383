using ChatKit.Storage.Testing;

namespace ChatKit.Samples.Sqlite.Tests;

#region sqlite-suite
public sealed class SqliteMessageStoreTests : MessageStoreConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) => SqliteStorage.CreateAsync(timeProvider);
}
#endregion
