using System.Buffers;
using System.Security.Cryptography;
using Npgsql;

namespace ChatKit.Storage.Postgres;

/// <summary>Assets as rows of chunks. A blob is written chunk by chunk, each in a transaction of its own, so that a slow upload holds neither
/// a connection nor a snapshot; one last row makes it an asset.</summary>
internal sealed class PostgresAssetStore(PostgresDatabase database) : IAssetStore
{
    internal const int ChunkBytes = 256 * 1024;
    private const int MaxContentTypeLength = 128;
    private const int SweepLimit = 20;

    /// <summary>How long replaced bytes may still be read, and an upload may take.</summary>
    private static readonly TimeSpan LooseLifetime = TimeSpan.FromDays(1);

    private readonly string _begin = database.Sql("insert into {schema}.blobs (loose_since) values (clock_timestamp()) returning blob");
    private readonly string _chunk = database.Sql("select {schema}.write_chunk($1, $2, $3)");
    private readonly string _publish = database.Sql("select {schema}.publish_asset($1, $2, $3, $4, $5, $6)");
    private readonly string _drop = database.Sql("with c as (delete from {schema}.chunks where blob = $1) delete from {schema}.blobs where blob = $1");
    private readonly string _sweep = database.Sql("select {schema}.sweep_blobs($1, $2)");
    private readonly string _info = database.Sql("select blob, length, content_type, sha256 from {schema}.assets where tenant = $1 and id = $2");
    private readonly string _delete = database.Sql("select {schema}.delete_asset($1, $2)");

    public async ValueTask<AssetInfo?> WriteAsync(
        AssetId id, string contentType, Stream content, long maxLength, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentType.Length, MaxContentTypeLength, nameof(contentType));
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        Ids.Set(id.Value);
        cancellationToken.ThrowIfCancellationRequested();

        await SweepAsync().ConfigureAwait(false);
        var blob = await database.WriteAsync(Safety.Repeatable, _begin, static _ => { }, ReadLongAsync, CancellationToken.None).ConfigureAwait(false);
        var published = false;
        try
        {
            if (await CopyAsync(content, blob, maxLength, cancellationToken).ConfigureAwait(false) is not { } copied)
            {
                return null;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var info = new AssetInfo(id, copied.Length, contentType, copied.Sha256);
            await database.WriteAsync(
                Safety.Repeatable, _publish,
                p => p.Text(id.Tenant).Text(id.Value).Long(blob).Long(info.Length).Text(Texts.Encode(contentType)).Bytes(info.Sha256),
                CancellationToken.None).ConfigureAwait(false);
            published = true;
            return info;
        }
        catch (ChatStoreException)
        {
            // Whether it was published is not known: what is loose is swept later.
            published = true;
            throw;
        }
        finally
        {
            if (!published)
            {
                await DropAsync(blob).ConfigureAwait(false);
            }
        }
    }

    public async ValueTask<AssetInfo?> GetInfoAsync(AssetId id, CancellationToken cancellationToken) =>
        (await FindAsync(id, cancellationToken).ConfigureAwait(false))?.Info;

    public async ValueTask<Stream?> OpenReadAsync(AssetId id, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        if (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        var start = Math.Min(offset, found.Info.Length);
        return new ChunkStream(database, found.Blob, start, Math.Min(length ?? long.MaxValue, found.Info.Length - start));
    }

    public ValueTask<bool> DeleteAsync(AssetId id, CancellationToken cancellationToken)
    {
        Ids.Set(id.Value);
        return database.WriteAsync(
            Safety.Once, _delete, p => p.Text(id.Tenant).Text(id.Value),
            static async reader => await reader.ReadAsync().ConfigureAwait(false) && reader.GetBoolean(0),
            cancellationToken);
    }

    private static async Task<long> ReadLongAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync().ConfigureAwait(false);
        return reader.GetInt64(0);
    }

    private ValueTask<(long Blob, AssetInfo Info)?> FindAsync(AssetId id, CancellationToken cancellationToken)
    {
        Ids.Set(id.Value);
        return database.ReadAsync<(long, AssetInfo)?>(
            _info, p => p.Text(id.Tenant).Text(id.Value),
            async reader => await reader.ReadAsync().ConfigureAwait(false)
                ? (reader.GetInt64(0), new AssetInfo(id, reader.GetInt64(1), Texts.Decode(reader.GetString(2)), reader.GetFieldValue<byte[]>(3)))
                : null,
            cancellationToken);
    }

    /// <summary>Copies in chunks; null when there is more than allowed.</summary>
    private async ValueTask<(long Length, byte[] Sha256)?> CopyAsync(Stream content, long blob, long maxLength, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var length = 0L;
            for (var n = 0; ; n++)
            {
                var filled = await content.ReadAtLeastAsync(buffer.AsMemory(0, ChunkBytes), ChunkBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                length += filled;
                if (length > maxLength)
                {
                    return null;
                }

                if (filled > 0)
                {
                    hash.AppendData(buffer, 0, filled);
                    var (chunk, number) = (buffer.AsMemory(0, filled), n);
                    await database.WriteAsync(Safety.Once, _chunk, p => p.Long(blob).Int(number).Bytes(chunk), CancellationToken.None).ConfigureAwait(false);
                }

                if (filled < ChunkBytes)
                {
                    return (length, hash.GetHashAndReset());
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask DropAsync(long blob)
    {
        try
        {
            await database.WriteAsync(Safety.Repeatable, _drop, p => p.Long(blob), CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChatStoreException e)
        {
            // It is loose, so it is swept later; the write's own outcome must not change.
            Log.UploadLeft(database.Logger, e);
        }
    }

    private async ValueTask SweepAsync() => await database.WriteAsync(
        Safety.Repeatable, _sweep, static p => p.Interval(LooseLifetime).Int(SweepLimit), CancellationToken.None).ConfigureAwait(false);
}
