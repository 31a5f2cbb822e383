namespace ChatKit.Storage.LiteDb;

/// <summary>Where and how the embedded store keeps its data. Read once, when the store is opened.</summary>
public sealed class LiteDbOptions
{
    /// <summary>The database file. Beside it the store keeps a log (<c>-log</c>), a lock file (<c>.lock</c>) and the blob folder.
    /// Missing folders are created.</summary>
    /// <value>Required; no default. A relative path is relative to the working directory of the process.</value>
    public string Path { get; set; } = "";

    /// <summary>The folder of the assets' bytes.</summary>
    /// <value>Default null: the database file's path with <c>.blobs</c> appended.</value>
    public string? BlobFolder { get; set; }

    /// <summary>How many calls may wait for the writer thread; further callers wait until there is room.</summary>
    /// <value>1 to 100,000; default 1,024.</value>
    public int QueueCapacity { get; set; } = 1_024;

    /// <summary>How many log entries (or rows of other kinds) the writer puts into one transaction when several calls wait together.
    /// A single call is never split.</summary>
    /// <value>1 to 10,000; default 2,000.</value>
    public int MaxRowsPerCommit { get; set; } = 2_000;

    /// <summary>After how many pages (of 8 KiB) of log the log is moved into the database file. It bounds the log's size.</summary>
    /// <value>100 to 100,000; default 4,000 (32 MiB).</value>
    public int CheckpointPages { get; set; } = 4_000;
}
