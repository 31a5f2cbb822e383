using LiteDB;

namespace ChatKit.Storage.LiteDb;

internal static class Faults
{
    /// <summary>What a caller gets for what came out of the driver. Arguments were checked before, so theirs are the driver's, too.</summary>
    public static Exception Translate(Exception fault) => fault switch
    {
        ChatStoreException => fault,
        LiteException { ErrorCode: LiteException.LOCK_TIMEOUT } => new ChatStoreException("The chat database is busy.", isTransient: true, fault),
        LiteException => new ChatStoreException("The chat database refused the operation: " + fault.Message, isTransient: false, fault),
        UnauthorizedAccessException => new ChatStoreException("The process may not access the files of the chat database.", isTransient: false, fault),
        IOException => new ChatStoreException("The files of the chat database could not be read or written.", isTransient: true, fault),
        _ => new ChatStoreException("The chat database failed.", isTransient: true, fault),
    };

    /// <summary>Whether the engine may have closed itself over this, so that it must be opened anew. Opening is cheap and always
    /// safe, so only what certainly is no fault of the engine is left out.</summary>
    public static bool NeedsReopen(Exception fault) => fault is not (ChatStoreException or ArgumentException);
}
