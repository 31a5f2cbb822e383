using ChatKit.Storage.Testing;

namespace ChatKit.Docs.Tests.Snippets;

// Inside an internal class, so that xunit does not run the suite of a store that is none.
internal static class KitSnippets
{
    #region kit
    public sealed class MyMessageStoreTests : MessageStoreConformance
    {
        protected override async ValueTask<StorageHarness> CreateAsync(TimeProvider timeProvider) =>
            await MyStorage.OpenAsync(timeProvider);   // an empty storage for each test
    }

    internal static class MyStorage
    {
        public static async ValueTask<StorageHarness> OpenAsync(TimeProvider timeProvider, string? folder = null)
        {
            folder ??= Directory.CreateTempSubdirectory().FullName;
            var store = await MyStore.OpenAsync(folder, timeProvider);
            return new StorageHarness(store)           // one object for each plug, or one for all
            {
                Reopen = async () => { await store.DisposeAsync(); return await OpenAsync(timeProvider, folder); },
                Close = async () => { await store.DisposeAsync(); Directory.Delete(folder, recursive: true); },
            };
        }
    }
    #endregion

    private sealed class MyStore : IAsyncDisposable
    {
        public static Task<MyStore> OpenAsync(string folder, TimeProvider timeProvider)
        {
            _ = (folder, timeProvider);
            return Task.FromResult(new MyStore());
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
