namespace ChatKit.Storage.LiteDb;

/// <summary>Where the files of a database lie: the operating system's files. The tests put a disk without power in its place.</summary>
internal class Disk
{
    public virtual DiskFile Open(string path, FileShare share) => new OsFile(path, share);

    /// <summary>The stream of the database file; null when LiteDB opens the file by its name.</summary>
    public virtual Stream? OpenDatabase(string path) => null;

    /// <summary>The length of a file in bytes; null when there is none.</summary>
    public virtual long? Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    /// <summary>Makes a file that is there whole or not at all, whenever the power goes.</summary>
    public virtual void Create(string path, ReadOnlySpan<byte> content)
    {
        var half = path + ".new";
        using (var file = new FileStream(half, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
            File.Move(half, path, overwrite: true);

            // Flushing after the rename puts the new name on the disk with it (journalling file systems).
            file.Flush(flushToDisk: true);
        }
    }

    public virtual void Delete(string path) => File.Delete(path);
}
