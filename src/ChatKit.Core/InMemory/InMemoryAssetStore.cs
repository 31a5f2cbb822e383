using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ChatKit.InMemory;

/// <summary>Bytes in memory: the one asset store that does hold assets as a whole.</summary>
internal sealed class InMemoryAssetStore : IAssetStore
{
    private const int ChunkBytes = 64 * 1024;
    private const int MaxContentTypeLength = 128;

    private readonly ConcurrentDictionary<AssetId, Asset> _assets = new();

    public async ValueTask<AssetInfo?> WriteAsync(
        AssetId id, string contentType, Stream content, long maxLength, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentType.Length, MaxContentTypeLength, nameof(contentType));
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        cancellationToken.ThrowIfCancellationRequested();

        using var bytes = new MemoryStream();
        var chunk = new byte[ChunkBytes];
        int read;
        while ((read = await content.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (bytes.Length + read > maxLength)
            {
                return null;
            }

            bytes.Write(chunk, 0, read);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var stored = bytes.ToArray();
        var asset = new Asset(new AssetInfo(id, stored.Length, contentType, SHA256.HashData(stored)), stored);
        _assets[id] = asset;
        return asset.Info;
    }

    public ValueTask<AssetInfo?> GetInfoAsync(AssetId id, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<AssetInfo?>(cancellationToken)
            : ValueTask.FromResult(_assets.TryGetValue(id, out var asset) ? asset.Info : null);

    public ValueTask<Stream?> OpenReadAsync(AssetId id, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Stream?>(cancellationToken);
        }

        if (!_assets.TryGetValue(id, out var asset))
        {
            return ValueTask.FromResult<Stream?>(null);
        }

        var from = (int)Math.Min(offset, asset.Bytes.Length);
        var count = (int)Math.Min(length ?? long.MaxValue, asset.Bytes.Length - from);
        return ValueTask.FromResult<Stream?>(new MemoryStream(asset.Bytes, from, count, writable: false));
    }

    public ValueTask<bool> DeleteAsync(AssetId id, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellationToken)
            : ValueTask.FromResult(_assets.TryRemove(id, out _));

    private sealed record Asset(AssetInfo Info, byte[] Bytes);
}
