using System.Text;
using ChatKit.Client;
using ChatKit.Docs.Tests.Snippets;

namespace ChatKit.Docs.Tests;

/// <summary>The store of docs/client.md does what the page asks of one.</summary>
public sealed class ClientStoreTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_encrypted_store_keeps_and_removes_and_tells_a_wrong_key()
    {
        var folder = Directory.CreateTempSubdirectory("chatkit-docs-");
        try
        {
            await using var file = await FileClientStore.OpenAsync(folder.FullName, Cancelled);
            var store = new ClientStoreSnippets.EncryptedStore(file, new byte[32]);
            await store.WriteAsync([new("a", "secret"u8.ToArray()), new("b", Array.Empty<byte>()), new("c", "gone"u8.ToArray())], Cancelled);
            await store.WriteAsync([new("c", null)], Cancelled);
            Assert.Equal(["a=secret", "b="], (await store.LoadAsync(Cancelled)).Select(r => $"{r.Key}={Encoding.UTF8.GetString(r.Value!.Value.Span)}").Order(StringComparer.Ordinal));
            Assert.False(File.ReadAllBytes(Path.Combine(folder.FullName, "journal")).AsSpan().IndexOf("secret"u8) >= 0);
            var wrong = new ClientStoreSnippets.EncryptedStore(file, [.. Enumerable.Repeat((byte)1, 32)]);
            Assert.Equal(ClientStoreFault.Damaged, (await Assert.ThrowsAsync<ClientStoreException>(async () => await wrong.LoadAsync(Cancelled))).Fault);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_damaged_folder_is_moved_away()
    {
        var folder = Directory.CreateTempSubdirectory("chatkit-docs-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "journal"), "no journal", Cancelled);
            await using var store = await ClientStoreSnippets.OpenAsync(folder, Cancelled);
            Assert.Empty(await store.LoadAsync(Cancelled));
            Assert.True(Directory.Exists(folder + ".damaged"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            Directory.Delete(folder + ".damaged", recursive: true);
        }
    }
}
