using System.Diagnostics;
using ChatKit.Storage.Testing;

namespace ChatKit.Storage.LiteDb.Tests.Conformance;

internal static class LiteDbHarness
{
    public static ValueTask<StorageHarness> CreateAsync(TimeProvider time)
    {
        var folder = new TestFolder();
        return ValueTask.FromResult(Open(folder, time));
    }

    private static StorageHarness Open(TestFolder folder, TimeProvider time)
    {
        // A small threshold: checkpoints happen while the suites run.
        var store = new OpenStore(folder.Database, time, options => options.CheckpointPages = 100);
        return new StorageHarness(store.Plugs)
        {
            Reopen = () =>
            {
                store.Dispose();
                return ValueTask.FromResult(Open(folder, time));
            },
            Worker = new StorageWorkerProcess
            {
                Start = () => new ProcessStartInfo(Victim.Program, [folder.Database]),
                SharesStorage = false,
                CloseStore = () =>
                {
                    store.Dispose();
                    return ValueTask.CompletedTask;
                },
            },
            Close = () =>
            {
                store.Dispose();
                folder.Dispose();
                return ValueTask.CompletedTask;
            },
        };
    }
}
