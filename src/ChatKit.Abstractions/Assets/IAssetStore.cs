namespace ChatKit;

/// <summary>The plug that keeps bytes of photos, videos and files. It streams; it never holds an asset in memory as a whole.
/// Thread-safe; throws <see cref="ChatStoreException"/> when it cannot answer.</summary>
public interface IAssetStore
{
    /// <summary>Stores an asset. It is there as a whole or not at all; writing the same id again replaces it.</summary>
    /// <param name="id">The asset.</param>
    /// <param name="contentType">Its MIME type, at most 128 characters.</param>
    /// <param name="content">The bytes, read to the end.</param>
    /// <param name="maxLength">More bytes than this are refused.</param>
    /// <param name="cancellationToken">Cancels; nothing is stored then.</param>
    /// <returns>What was stored; null when the content is longer than <paramref name="maxLength"/> (nothing is stored then).</returns>
    ValueTask<AssetInfo?> WriteAsync(AssetId id, string contentType, Stream content, long maxLength, CancellationToken cancellationToken);

    /// <summary>What is known of an asset.</summary>
    /// <param name="id">The asset.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The info, or null when there is no such asset.</returns>
    ValueTask<AssetInfo?> GetInfoAsync(AssetId id, CancellationToken cancellationToken);

    /// <summary>Opens a range of an asset.</summary>
    /// <param name="id">The asset.</param>
    /// <param name="offset">The first byte: 0 or more; at or beyond the end gives an empty stream.</param>
    /// <param name="length">How many bytes; null to the end.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <returns>A stream the caller disposes, or null when there is no such asset.</returns>
    ValueTask<Stream?> OpenReadAsync(AssetId id, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Deletes an asset.</summary>
    /// <param name="id">The asset.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Whether it was there.</returns>
    ValueTask<bool> DeleteAsync(AssetId id, CancellationToken cancellationToken);
}
