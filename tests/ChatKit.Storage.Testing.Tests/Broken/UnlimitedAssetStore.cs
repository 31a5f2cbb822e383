namespace ChatKit.Storage.Testing.Tests.Broken;

/// <summary>Looks at the length only when everything is stored.</summary>
internal sealed class UnlimitedAssetStore(IAssetStore inner) : IAssetStore
{
    public async ValueTask<AssetInfo?> WriteAsync(
        AssetId id, string contentType, Stream content, long maxLength, CancellationToken cancellationToken) =>
        await inner.WriteAsync(id, contentType, content, long.MaxValue, cancellationToken) is { } info && info.Length <= maxLength ? info : null;

    public ValueTask<AssetInfo?> GetInfoAsync(AssetId id, CancellationToken cancellationToken) => inner.GetInfoAsync(id, cancellationToken);

    public ValueTask<Stream?> OpenReadAsync(AssetId id, long offset, long? length, CancellationToken cancellationToken) =>
        inner.OpenReadAsync(id, offset, length, cancellationToken);

    public ValueTask<bool> DeleteAsync(AssetId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);
}
