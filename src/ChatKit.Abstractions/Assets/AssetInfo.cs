namespace ChatKit;

/// <summary>What is known of stored bytes.</summary>
/// <param name="Id">The asset.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="ContentType">Its MIME type, as given.</param>
/// <param name="Sha256">The SHA-256 of its bytes: 32 bytes.</param>
public sealed record AssetInfo(AssetId Id, long Length, string ContentType, ReadOnlyMemory<byte> Sha256);
