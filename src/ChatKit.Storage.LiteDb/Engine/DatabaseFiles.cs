namespace ChatKit.Storage.LiteDb;

/// <summary>The paths of a database.</summary>
internal sealed record DatabaseFiles(string Database, string Log, string Guard, string Blobs)
{
    public static DatabaseFiles Of(LiteDbOptions options)
    {
        var database = Path.GetFullPath(options.Path);
        var folder = Path.GetDirectoryName(database) ?? "";

        // LiteDB's own (documented) name of the log, so that its other tools find it.
        var log = Path.Combine(folder, Path.GetFileNameWithoutExtension(database) + "-log" + Path.GetExtension(database));
        var blobs = options.BlobFolder is null ? database + ".blobs" : Path.GetFullPath(options.BlobFolder);
        return new DatabaseFiles(database, log, database + ".lock", blobs);
    }
}
