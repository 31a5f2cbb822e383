namespace ChatKit.Storage.LiteDb;

/// <summary>What the guard file last noted.</summary>
/// <param name="LogLength">The length in bytes of the log that was flushed and acknowledged.</param>
/// <param name="FeedEnd">The end of the feed that was acknowledged.</param>
internal readonly record struct GuardRecord(long LogLength, long FeedEnd);
