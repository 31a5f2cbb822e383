using ChatKit.Storage.Testing;

namespace ChatKit.Samples.Sqlite.Tests;

public sealed class SqliteReceiptStoreTests : ReceiptStoreConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) => SqliteStorage.CreateAsync(timeProvider);
}
