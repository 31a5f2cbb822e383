using System.Diagnostics;
using ChatKit.Storage.Testing;

namespace ChatKit.Samples.Sqlite.Tests;

#region sqlite-harness
internal static class SqliteStorage
{
    private static readonly string Worker = Path.Combine(AppContext.BaseDirectory, "ChatKit.Samples.Sqlite.Worker");

    public static ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) =>
        ValueTask.FromResult(Open(Directory.CreateTempSubdirectory("chatkit-sqlite-").FullName, timeProvider));

    private static StorageHarness Open(string folder, TimeProvider timeProvider)
    {
        var file = Path.Combine(folder, "chat.db");
        var database = new SqliteDatabase(file, timeProvider);
        return new StorageHarness(
            new SqliteMessageStore(database), new SqliteReceiptStore(database), new SqliteUserStateStore(database), new SqliteRelayQueue(database),
            new SqliteDeviceMailbox(database), new SqliteGroupDirectory(database), new SqliteSessionRegistry(database),
            new SqliteDeviceDirectory(database), new SqliteLastSeenStore(database), new SqliteAssetStore(database))
        {
            Reopen = () =>
            {
                database.Dispose();
                return ValueTask.FromResult(Open(folder, timeProvider));
            },
            Close = () =>
            {
                database.Dispose();
                Directory.Delete(folder, recursive: true);
                return ValueTask.CompletedTask;
            },
            Worker = new StorageWorkerProcess { Start = () => new ProcessStartInfo(Worker, [file]), SharesStorage = true },
        };
    }
}
#endregion
