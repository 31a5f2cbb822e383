using System.Security.Cryptography;

namespace ChatKit.Storage.LiteDb.Tests;

public sealed class BlobTests : IDisposable
{
    private static readonly AssetId Photo = new("../photo?", "acme");
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Blobs => _folder.Database + ".blobs";

    [Fact]
    public async Task Ranges_of_an_asset_are_read_after_a_restart()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        using (var store = new OpenStore(_folder.Database))
        {
            var info = await store.Get<IAssetStore>().WriteAsync(Photo, "image/jpeg", new MemoryStream(bytes), bytes.Length, Token);
            Assert.Equal((300_000, "image/jpeg"), (info!.Length, info.ContentType));
            Assert.Equal(SHA256.HashData(bytes), info.Sha256.ToArray());
        }

        using var again = new OpenStore(_folder.Database);
        var assets = again.Get<IAssetStore>();
        var found = await assets.GetInfoAsync(Photo, Token);
        Assert.Equal(SHA256.HashData(bytes), found!.Sha256.ToArray());
        foreach (var (offset, length, expected) in new (long, long?, Range)[]
        {
            (0, null, ..), (0, 10, ..10), (299_990, 100, 299_990..), (65_000, 70_000, 65_000..135_000), (300_000, 5, 300_000..), (long.MaxValue, null, 300_000..),
        })
        {
            await using var stream = await assets.OpenReadAsync(Photo, offset, length, Token);
            using var copy = new MemoryStream();
            await stream!.CopyToAsync(copy, Token);
            Assert.Equal(bytes[expected], copy.ToArray());
        }
    }

    [Fact]
    public async Task A_write_that_fails_leaves_the_old_asset_and_no_file()
    {
        using var store = new OpenStore(_folder.Database);
        var assets = store.Get<IAssetStore>();
        await assets.WriteAsync(Photo, "a/b", new MemoryStream([1, 2, 3]), 3, Token);
        Assert.Null(await assets.WriteAsync(Photo, "a/b", new MemoryStream(new byte[100_000]), 99_999, Token));
        await Assert.ThrowsAsync<EndOfStreamException>(
            () => assets.WriteAsync(Photo, "a/b", new BreakingStream(new EndOfStreamException()), 99, Token).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => assets.WriteAsync(Photo, "a/b", new MemoryStream(new byte[9]), 99, new CancellationToken(canceled: true)).AsTask());
        Assert.Equal(3, (await assets.GetInfoAsync(Photo, Token))!.Length);
        Assert.Single(Directory.GetFiles(Blobs, "*", SearchOption.AllDirectories));
        Assert.True(await assets.DeleteAsync(Photo, Token));
        Assert.False(await assets.DeleteAsync(Photo, Token));
        Assert.Null(await assets.OpenReadAsync(Photo, 0, null, Token));
    }

    [Fact]
    public async Task A_reader_keeps_what_it_opened_when_the_asset_is_replaced()
    {
        using var store = new OpenStore(_folder.Database);
        var assets = store.Get<IAssetStore>();
        await assets.WriteAsync(Photo, "a/b", new MemoryStream([1, 1, 1]), 9, Token);
        await using var old = await assets.OpenReadAsync(Photo, 0, null, Token);
        await assets.WriteAsync(Photo, "a/c", new MemoryStream([2, 2]), 9, Token);
        using var copy = new MemoryStream();
        await old!.CopyToAsync(copy, Token);
        Assert.Equal([1, 1, 1], copy.ToArray());
        Assert.Equal((2, "a/c"), ((await assets.GetInfoAsync(Photo, Token))!.Length, (await assets.GetInfoAsync(Photo, Token))!.ContentType));
    }

    [Fact]
    public async Task What_an_interrupted_write_left_is_removed_at_the_next_start()
    {
        Directory.CreateDirectory(Path.Combine(Blobs, "tmp"));
        await File.WriteAllTextAsync(Path.Combine(Blobs, "tmp", "left"), "x", Token);
        using var store = new OpenStore(_folder.Database);
        Assert.Null(await store.Get<IAssetStore>().GetInfoAsync(Photo, Token));
        Assert.Empty(Directory.GetFiles(Blobs, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_damaged_blob_is_reported_without_the_drivers_exception()
    {
        using var store = new OpenStore(_folder.Database);
        var assets = store.Get<IAssetStore>();
        await assets.WriteAsync(Photo, "a/b", new MemoryStream([1]), 9, Token);
        await File.WriteAllBytesAsync(Directory.GetFiles(Blobs, "*", SearchOption.AllDirectories).Single(), new byte[10], Token);
        Assert.False((await Assert.ThrowsAsync<ChatStoreException>(() => assets.GetInfoAsync(Photo, Token).AsTask())).IsTransient);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class BreakingStream(Exception fault) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(fault);
    }
}
