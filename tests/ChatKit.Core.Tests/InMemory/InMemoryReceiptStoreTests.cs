using ChatKit.InMemory;
using ChatKit.Storage.Testing;

namespace ChatKit.Core.Tests.InMemory;

public sealed class InMemoryReceiptStoreTests : ReceiptStoreConformance
{
    protected override ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) =>
        ValueTask.FromResult(new StorageHarness(new InMemoryReceiptStore()));
}
