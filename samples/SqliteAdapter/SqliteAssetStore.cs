using System.Security.Cryptography;

namespace ChatKit.Samples.Sqlite;

/// <summary>Bytes in chunks of 64 KiB. An upload writes its chunks first, under a name of its own, and becomes the asset in one transaction.
/// What a process that died had uploaded stays as waste: a real adapter would collect it.</summary>
internal sealed class SqliteAssetStore(SqliteDatabase database) : IAssetStore
{
    private const int MaxContentTypeLength = 128;

    public async ValueTask<AssetInfo?> WriteAsync(AssetId id, string contentType, Stream content, long maxLength, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentType.Length, MaxContentTypeLength, nameof(contentType));
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        cancellationToken.ThrowIfCancellationRequested();
        var upload = Guid.NewGuid().ToString("N");
        var kept = false;
        try
        {
            if (await UploadAsync(upload, content, maxLength, cancellationToken).ConfigureAwait(false) is not var (length, sha256))
            {
                return null;
            }

            cancellationToken.ThrowIfCancellationRequested();
            await database.WriteAsync(
                session =>
                {
                    Delete(session, id);
                    return session.Execute("INSERT INTO assets VALUES ($1, $2, $3, $4, $5, $6)", id.Tenant, id.Value, upload, length, contentType, sha256);
                },
                CancellationToken.None).ConfigureAwait(false);
            kept = true;
            return new AssetInfo(id, length, contentType, sha256);
        }
        finally
        {
            if (!kept)
            {
                await database.WriteAsync(session => session.Execute("DELETE FROM chunks WHERE upload = $1", upload), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    public ValueTask<AssetInfo?> GetInfoAsync(AssetId id, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.First(
            "SELECT length, content_type, sha256 FROM assets WHERE tenant = $1 AND asset = $2",
            row => new AssetInfo(id, row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2)), id.Tenant, id.Value),
        cancellationToken);

    public ValueTask<Stream?> OpenReadAsync(AssetId id, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(SqliteDatabase.Guard<Stream?>(() =>
        {
            // The snapshot lives as long as the stream: whoever replaces or deletes the asset meanwhile does not disturb the reader.
            var session = database.Snapshot();
            var found = session.First<(string Upload, long Length)?>(
                "SELECT upload, length FROM assets WHERE tenant = $1 AND asset = $2", row => (row.GetString(0), row.GetInt64(1)), id.Tenant, id.Value);
            if (found is not { } asset)
            {
                session.Dispose();
                return null;
            }

            var from = Math.Min(offset, asset.Length);
            return new ChunkStream(session, asset.Upload, from, Math.Min(length ?? long.MaxValue, asset.Length - from));
        }));
    }

    public ValueTask<bool> DeleteAsync(AssetId id, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Delete(session, id), cancellationToken);

    private static bool Delete(SqliteSession session, AssetId id)
    {
        session.Execute("DELETE FROM chunks WHERE upload = (SELECT upload FROM assets WHERE tenant = $1 AND asset = $2)", id.Tenant, id.Value);
        return session.Execute("DELETE FROM assets WHERE tenant = $1 AND asset = $2", id.Tenant, id.Value) > 0;
    }

    private async ValueTask<(long Length, byte[] Sha256)?> UploadAsync(string upload, Stream content, long maxLength, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ChunkStream.ChunkBytes];
        var (length, number) = (0L, 0L);
        while (await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            length += read;
            if (length > maxLength)
            {
                return null;
            }

            var chunk = buffer[..read];
            hash.AppendData(chunk);
            await database.WriteAsync(session => session.Execute("INSERT INTO chunks VALUES ($1, $2, $3)", upload, number, chunk), CancellationToken.None).ConfigureAwait(false);
            number++;
        }

        return (length, hash.GetHashAndReset());
    }
}
