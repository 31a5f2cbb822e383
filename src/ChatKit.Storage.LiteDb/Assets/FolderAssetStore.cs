using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChatKit.Storage.LiteDb;

/// <summary>Assets as files of a folder. A write goes to a temporary file, is flushed, and takes its name by one rename.
/// File names are hashes of the ids: ids may hold what a file name must not, and differ only by case.</summary>
internal sealed class FolderAssetStore : IAssetStore
{
    private const int BufferSize = 64 * 1024;
    private readonly string _folder;
    private readonly string _temporary;
    private readonly ILogger _logger;

    // Depends on the database because its lock keeps other processes out of the folder, too.
    public FolderAssetStore(LiteDbDatabase database, ILoggerFactory? loggers = null)
    {
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<FolderAssetStore>();
        _folder = database.Files.Blobs;
        _temporary = Path.Combine(_folder, "tmp");
        try
        {
            Directory.CreateDirectory(_temporary);
            foreach (var left in Directory.EnumerateFiles(_temporary))
            {
                File.Delete(left);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChatStoreException($"The blob folder '{_folder}' cannot be used: make it writable for this process.", isTransient: false, e);
        }
    }

    public async ValueTask<AssetInfo?> WriteAsync(
        AssetId id, string contentType, Stream content, long maxLength, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contentType.Length, BlobHeader.MaxContentTypeLength, nameof(contentType));
        var path = PathOf(id);
        var temporary = Path.Combine(_temporary, Guid.NewGuid().ToString("N"));
        try
        {
            await using var file = Guard(() => new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            }));
            file.Position = BlobHeader.Size;
            if (await CopyAsync(content, file, maxLength, cancellationToken).ConfigureAwait(false) is not { } copied)
            {
                return null;
            }

            var info = new AssetInfo(id, copied.Length, contentType, copied.Sha256);
            cancellationToken.ThrowIfCancellationRequested();
            return Guard(() => Publish(file, temporary, path, info));
        }
        finally
        {
            DeleteTemporary(temporary);
        }
    }

    public async ValueTask<AssetInfo?> GetInfoAsync(AssetId id, CancellationToken cancellationToken)
    {
        var opened = await OpenAsync(id, cancellationToken).ConfigureAwait(false);
        if (opened is not { } asset)
        {
            return null;
        }

        await asset.File.DisposeAsync().ConfigureAwait(false);
        return asset.Info;
    }

    public async ValueTask<Stream?> OpenReadAsync(AssetId id, long offset, long? length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length is { } wanted)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(wanted, nameof(length));
        }

        if (await OpenAsync(id, cancellationToken).ConfigureAwait(false) is not { } asset)
        {
            return null;
        }

        var start = Math.Min(offset, asset.Info.Length);
        return new BlobStream(asset.File, BlobHeader.Size + start, Math.Min(length ?? long.MaxValue, asset.Info.Length - start));
    }

    public ValueTask<bool> DeleteAsync(AssetId id, CancellationToken cancellationToken)
    {
        var path = PathOf(id);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Guard(() =>
        {
            var there = File.Exists(path);
            if (there)
            {
                File.Delete(path);
            }

            return there;
        }));
    }

    /// <summary>Only the folder's own faults are the store's; those of the caller's stream stay what they are.</summary>
    private static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Translate(e);
        }
    }

    private static AssetInfo Publish(FileStream file, string temporary, string path, AssetInfo info)
    {
        file.Position = 0;
        file.Write(BlobHeader.Create(info));
        file.Flush(flushToDisk: true);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(temporary, path, overwrite: true);

        // Flushing after the rename puts the new name on the disk with it (journalling file systems).
        file.Flush(flushToDisk: true);
        return info;
    }

    private static async ValueTask WriteChunkAsync(FileStream file, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Translate(e);
        }
    }

    private static async ValueTask<(long Length, byte[] Sha256)?> CopyAsync(
        Stream content, FileStream file, long maxLength, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = 0L;
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += read;
                if (length > maxLength)
                {
                    return null;
                }

                hash.AppendData(buffer, 0, read);
                await WriteChunkAsync(file, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            return (length, hash.GetHashAndReset());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<(FileStream File, AssetInfo Info)?> OpenAsync(AssetId id, CancellationToken cancellationToken)
    {
        var path = PathOf(id);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            });
            var header = new byte[BlobHeader.Size];
            var read = await file.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            var opened = (file, BlobHeader.Parse(header.AsSpan(0, read), id));
            file = null;
            return opened;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.Translate(e);
        }
        finally
        {
            if (file is not null)
            {
                await file.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private string PathOf(AssetId id)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Keys.Join(id.Tenant, id.Value))));
        return Path.Combine(_folder, name[..2], name);
    }

    private void DeleteTemporary(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start deletes it; the write's own outcome must not change.
            Log.TemporaryBlobLeft(_logger, e);
        }
    }
}
