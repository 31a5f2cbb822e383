using System.Buffers.Binary;
using System.Text;

namespace ChatKit.Storage.LiteDb;

/// <summary>What stands before an asset's bytes in its file, so that info and bytes are replaced by one rename: magic, length,
/// SHA-256, content type; padded to <see cref="Size"/>.</summary>
internal static class BlobHeader
{
    public const int Size = 1024;
    public const int MaxContentTypeLength = 128;
    private const ulong Magic = 0x31_42_4F_4C_42_4B_48_43; // "CHKBLOB1"
    private const int ContentTypeAt = 52;

    public static byte[] Create(AssetInfo info)
    {
        var header = new byte[Size];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), info.Length);
        info.Sha256.Span.CopyTo(header.AsSpan(16));
        var length = Encoding.UTF8.GetBytes(info.ContentType, header.AsSpan(ContentTypeAt));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(48), length);
        return header;
    }

    public static AssetInfo Parse(ReadOnlySpan<byte> header, AssetId id)
    {
        var contentTypeLength = header.Length == Size && BinaryPrimitives.ReadUInt64LittleEndian(header) == Magic
            ? BinaryPrimitives.ReadInt32LittleEndian(header[48..])
            : -1;
        if (contentTypeLength is < 0 or > Size - ContentTypeAt)
        {
            throw new ChatStoreException($"The blob file of asset '{id}' is damaged.", isTransient: false);
        }

        return new AssetInfo(
            id,
            BinaryPrimitives.ReadInt64LittleEndian(header[8..]),
            Encoding.UTF8.GetString(header.Slice(ContentTypeAt, contentTypeLength)),
            header.Slice(16, 32).ToArray());
    }
}
