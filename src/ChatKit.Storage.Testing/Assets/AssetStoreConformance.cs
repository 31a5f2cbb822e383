using System.Security.Cryptography;
using ChatKit.Storage.Testing.Support;

namespace ChatKit.Storage.Testing;

/// <summary>What every <see cref="IAssetStore"/> does.</summary>
public abstract class AssetStoreConformance : StorageConformance
{
    private IAssetStore Store => Plug<IAssetStore>();

    /// <summary>An asset is read as it was written; its info tells length, type and hash.</summary>
    /// <param name="length">The length in bytes.</param>
    [ConformanceTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(1_000_003)]
    public async Task An_asset_is_read_as_it_was_written(int length)
    {
        var id = NewId("acme");
        var bytes = Bytes(length);
        var written = await WriteAsync(id, bytes, "image/png; x=1");
        Assert.Equal((id, (long)length, "image/png; x=1"), (written.Id, written.Length, written.ContentType));
        Assert.Equal(SHA256.HashData(bytes), written.Sha256.ToArray());
        var info = await Store.GetInfoAsync(id, Token);
        Assert.NotNull(info);
        Assert.Equal((id, (long)length, "image/png; x=1"), (info.Id, info.Length, info.ContentType));
        Assert.Equal(SHA256.HashData(bytes), info.Sha256.ToArray());
        Assert.True((await ReadAsync(id)).AsSpan().SequenceEqual(bytes), "The bytes came back changed.");
    }

    /// <summary>What is not there is null, and cannot be deleted.</summary>
    [ConformanceFact]
    public async Task What_is_not_there_is_null()
    {
        var id = NewId();
        Assert.Null(await Store.GetInfoAsync(id, Token));
        Assert.Null(await Store.OpenReadAsync(id, 0, null, Token));
        Assert.False(await Store.DeleteAsync(id, Token));
    }

    /// <summary>A range is cut at the end; at or beyond it the stream is empty.</summary>
    /// <param name="offset">The first byte of 100,000.</param>
    /// <param name="length">The length; null to the end.</param>
    /// <param name="expected">How many bytes come.</param>
    [ConformanceTheory]
    [InlineData(0, null, 100_000)]
    [InlineData(0, 100_000L, 100_000)]
    [InlineData(0, long.MaxValue, 100_000)]
    [InlineData(0, 10L, 10)]
    [InlineData(0, 0L, 0)]
    [InlineData(99_990, null, 10)]
    [InlineData(99_990, 5L, 5)]
    [InlineData(99_990, 500L, 10)]
    [InlineData(65_530, 20L, 20)]
    [InlineData(100_000, null, 0)]
    [InlineData(100_000, 5L, 0)]
    [InlineData(500_000, null, 0)]
    [InlineData(long.MaxValue, long.MaxValue, 0)]
    public async Task A_range_is_read(long offset, long? length, int expected)
    {
        var id = NewId();
        var bytes = Bytes(100_000);
        await WriteAsync(id, bytes);
        var read = await ReadAsync(id, offset, length);
        Assert.Equal(expected, read.Length);
        Assert.True(read.AsSpan().SequenceEqual(bytes.AsSpan((int)Math.Min(offset, bytes.Length), expected)), "Other bytes came.");
    }

    /// <summary>Writing the same id again replaces all of it.</summary>
    [ConformanceFact]
    public async Task Writing_again_replaces()
    {
        var id = NewId();
        await WriteAsync(id, Bytes(5_000), "image/png");
        await WriteAsync(id, [1, 2, 3], "text/plain");
        Assert.Equal([1, 2, 3], await ReadAsync(id));
        var info = await Store.GetInfoAsync(id, Token);
        Assert.Equal((3L, "text/plain"), (info!.Length, info.ContentType));
        Assert.Equal(SHA256.HashData([1, 2, 3]), info.Sha256.ToArray());
    }

    /// <summary>Content longer than allowed is refused, nothing is stored, and what was there stays.</summary>
    [ConformanceFact]
    public async Task Longer_content_is_refused()
    {
        var (id, kept) = (NewId(), NewId());
        await WriteAsync(kept, [7]);
        foreach (var refused in new[] { id, kept })
        {
            using var content = new TrickleStream(Bytes(200_001));
            Assert.Null(await Store.WriteAsync(refused, "image/png", content, 200_000, Token));
        }

        Assert.Null(await Store.GetInfoAsync(id, Token));
        Assert.Null(await Store.OpenReadAsync(id, 0, null, Token));
        Assert.Equal([7], await ReadAsync(kept));
        using var fits = new TrickleStream(Bytes(200_000));
        Assert.NotNull(await Store.WriteAsync(id, "image/png", fits, 200_000, Token));
        using var one = new MemoryStream([1]);
        Assert.Null(await Store.WriteAsync(NewId(), "image/png", one, 0, Token));
        Assert.NotNull(await Store.WriteAsync(NewId(), "image/png", Stream.Null, 0, Token));
    }

    /// <summary>An upload without an end is refused at the limit, not read for ever.</summary>
    [ConformanceFact]
    public async Task Endless_content_is_refused()
    {
        using var endless = new TrickleStream(null);
        Assert.Null(await Store.WriteAsync(NewId(), "image/png", endless, 300_000, Token));
        Assert.True(endless.Given < 3_000_000, $"{endless.Given} bytes were read to refuse 300,000.");
    }

    /// <summary>A cancelled write leaves nothing, and what was there stays.</summary>
    [ConformanceFact]
    public async Task A_cancelled_write_leaves_nothing()
    {
        var (id, kept) = (NewId(), NewId());
        await WriteAsync(kept, [7]);
        foreach (var target in new[] { id, kept })
        {
            using var cancellation = new CancellationTokenSource();
            using var content = new TrickleStream(null) { After = (100_000, cancellation.Cancel) };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await Store.WriteAsync(target, "image/png", content, 100_000_000, cancellation.Token));
        }

        Assert.Null(await Store.GetInfoAsync(id, Token));
        Assert.Null(await Store.OpenReadAsync(id, 0, null, Token));
        Assert.Equal([7], await ReadAsync(kept));
    }

    /// <summary>A source that fails leaves nothing, and its own exception comes out.</summary>
    [ConformanceFact]
    public async Task A_failing_source_leaves_nothing()
    {
        var id = NewId();
        using var content = new TrickleStream(null) { After = (100_000, () => throw new IOException("The connection is gone.")) };
        var exception = await Assert.ThrowsAsync<IOException>(async () => await Store.WriteAsync(id, "image/png", content, 100_000_000, Token));
        Assert.Equal("The connection is gone.", exception.Message);
        Assert.Null(await Store.GetInfoAsync(id, Token));
    }

    /// <summary>A deleted asset is gone, and its id may be written again.</summary>
    [ConformanceFact]
    public async Task A_deleted_asset_is_gone()
    {
        var (id, other) = (NewId(), NewId());
        await WriteAsync(id, [1]);
        await WriteAsync(other, [2]);
        Assert.True(await Store.DeleteAsync(id, Token));
        Assert.False(await Store.DeleteAsync(id, Token));
        Assert.Null(await Store.GetInfoAsync(id, Token));
        Assert.Equal([2], await ReadAsync(other));
        await WriteAsync(id, [3]);
        Assert.Equal([3], await ReadAsync(id));
    }

    /// <summary>Rule 17: tenants share nothing; ids are compared ordinally and never taken for paths.</summary>
    [ConformanceFact]
    public async Task Ids_and_tenants_are_told_apart()
    {
        string[] values = [.. Texts.Alike, "..", ".", "../a", "/etc/x", "a/../b", "CON", "a\\..\\b", "~", "C:\\x", "a?b", "a.", "a.tmp"];
        string[] tenants = [.. Texts.Tenants, "..", "a"];
        AssetId[] ids = [.. tenants.SelectMany(tenant => values.Select(value => new AssetId(value, tenant)))];
        for (var n = 0; n < ids.Length; n++)
        {
            await WriteAsync(ids[n], BitConverter.GetBytes(n));
        }

        for (var n = 0; n < ids.Length; n++)
        {
            Assert.Equal(BitConverter.GetBytes(n), await ReadAsync(ids[n]));
            Assert.Equal(ids[n], (await Store.GetInfoAsync(ids[n], Token))!.Id);
        }

        Assert.Null(await Store.GetInfoAsync(new AssetId("a", "nobody"), Token));
    }

    /// <summary>Writes that race to one id leave one of them whole; readers see one of them whole.</summary>
    [ConformanceFact]
    public async Task Racing_writes_leave_one_whole()
    {
        var id = NewId();
        await WriteAsync(id, Filled(0));
        await Racing.RunAsync(6, async n =>
        {
            for (var k = 0; k < 5; k++)
            {
                if (n % 2 == 0)
                {
                    await WriteAsync(id, Filled(n + 1));
                }
                else
                {
                    AssertWhole(await ReadAsync(id));
                }
            }

            return n;
        });
        var left = await ReadAsync(id);
        AssertWhole(left);
        Assert.Equal(SHA256.HashData(left), (await Store.GetInfoAsync(id, Token))!.Sha256.ToArray());

        static byte[] Filled(int n)
        {
            var bytes = new byte[100_000 + (n * 1_000)];
            bytes.AsSpan().Fill((byte)n);
            return bytes;
        }

        static void AssertWhole(byte[] bytes)
        {
            Assert.Equal(100_000 + (bytes[0] * 1_000), bytes.Length);
            Assert.True(!bytes.AsSpan().ContainsAnyExcept(bytes[0]), "Two assets are mixed.");
        }
    }

    /// <summary>Promise: assets outlive a restart.</summary>
    [ConformanceFact]
    public async Task Assets_outlive_a_restart()
    {
        var id = NewId("acme");
        var bytes = Bytes(150_000);
        await WriteAsync(id, bytes, "video/mp4");
        await ReopenAsync();
        Assert.True((await ReadAsync(id)).AsSpan().SequenceEqual(bytes), "The bytes came back changed.");
        var info = await Store.GetInfoAsync(id, Token);
        Assert.Equal((150_000L, "video/mp4"), (info!.Length, info.ContentType));
    }

    private static AssetId NewId(string tenant = "") => new(Guid.NewGuid().ToString("N"), tenant);

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private async Task<AssetInfo> WriteAsync(AssetId id, byte[] bytes, string contentType = "application/octet-stream")
    {
        using var content = new TrickleStream(bytes);
        var info = await Store.WriteAsync(id, contentType, content, bytes.Length, Token);
        Assert.NotNull(info);
        return info;
    }

    private async Task<byte[]> ReadAsync(AssetId id, long offset = 0, long? length = null)
    {
        await using var stream = await Store.OpenReadAsync(id, offset, length, Token);
        Assert.NotNull(stream);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }
}
