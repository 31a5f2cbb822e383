using ChatKit.Storage.Testing;

namespace ChatKit.Storage.LiteDb.Tests.Conformance;

public sealed class LiteDbLastSeenStoreTests : LastSeenStoreConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) => LiteDbHarness.CreateAsync(timeProvider);
}
