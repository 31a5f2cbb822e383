using System.Diagnostics;
using ChatKit.Storage.Testing.Journaling;

namespace ChatKit.Storage.Testing.Tests;

/// <summary>Stores on a file, which outlive a process.</summary>
internal static class Journals
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "ChatKit.Storage.Testing.Worker");

    public static StorageHarness Create(JournalFault fault, TimeProvider time) =>
        Open(Directory.CreateTempSubdirectory("chatkit-journal-").FullName, fault, time);

    private static StorageHarness Open(string folder, JournalFault fault, TimeProvider time)
    {
        var file = Path.Combine(folder, "journal");
        var store = new JournalStore(file, fault, time);
        return new StorageHarness(store)
        {
            Reopen = () =>
            {
                store.Dispose();
                return ValueTask.FromResult(Open(folder, fault, time));
            },
            Close = () =>
            {
                store.Dispose();
                Directory.Delete(folder, recursive: true);
                return ValueTask.CompletedTask;
            },
            Worker = new StorageWorkerProcess
            {
                Start = () => new ProcessStartInfo(Program, [file, fault.ToString()]),
                SharesStorage = fault == JournalFault.Unlocked,
                CloseStore = () =>
                {
                    store.Dispose();
                    return ValueTask.CompletedTask;
                },
            },
        };
    }
}
