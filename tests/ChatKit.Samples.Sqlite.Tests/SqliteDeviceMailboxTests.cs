using ChatKit.Storage.Testing;

namespace ChatKit.Samples.Sqlite.Tests;

public sealed class SqliteDeviceMailboxTests : DeviceMailboxConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) => SqliteStorage.CreateAsync(timeProvider);
}
