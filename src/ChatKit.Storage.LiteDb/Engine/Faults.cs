using LiteDB;

namespace ChatKit.Storage.LiteDb;

internal static class Faults
{
    /// <summary>What a caller gets for what the driver threw.</summary>
    public static Exception Translate(Exception fault) => fault switch
    {
        ChatStoreException or ArgumentException or OperationCanceledException => fault,
        LiteException { ErrorCode: LiteException.LOCK_TIMEOUT } => new ChatStoreException("The chat database is busy.", isTransient: true, fault),
        LiteException => new ChatStoreException("The chat database refused the operation: " + fault.Message, isTransient: false, fault),
        UnauthorizedAccessException => new ChatStoreException("The process may not access the files of the chat database.", isTransient: false, fault),
        IOException => new ChatStoreException("The files of the chat database could not be read or written.", isTransient: true, fault),
        _ => new ChatStoreException("The chat database failed.", isTransient: true, fault),
    };

    /// <summary>Whether the engine may have closed itself over this, so that it must be opened anew.</summary>
    public static bool NeedsReopen(Exception fault) => fault is not (ChatStoreException or ArgumentException or OperationCanceledException);
}
