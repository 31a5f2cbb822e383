using ChatKit.Client.Store;

namespace ChatKit.Client.Tests.Stores;

/// <summary>A store that can be closed and opened again, as by the next process.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private readonly DirectoryInfo? folder;
    private IClientStore? store;

    public TestStore(string kind)
    {
        folder = kind == "file" ? Directory.CreateTempSubdirectory("chatkit-client-") : null;
    }

    public async Task<IClientStore> OpenAsync()
    {
        if (folder is null)
        {
            return store ??= new MemoryClientStore();
        }

        await CloseAsync();
        return store = await FileClientStore.OpenAsync(folder.FullName, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        folder?.Delete(recursive: true);
    }

    private async ValueTask CloseAsync()
    {
        if (store is FileClientStore file)
        {
            await file.DisposeAsync();
        }
    }
}
