using Microsoft.Extensions.Logging;

namespace ChatKit.Storage.LiteDb;

internal static partial class Log
{
    [LoggerMessage(3101, LogLevel.Warning, "The chat database is not the one last written here (restored, or moved without its lock file): it becomes a new incarnation and clients load everything anew.", EventName = "LiteDbNewIncarnation")]
    public static partial void NewIncarnation(ILogger logger);

    [LoggerMessage(3102, LogLevel.Error, "A commit of {Items} calls failed and was rolled back.", EventName = "LiteDbCommitFailed")]
    public static partial void CommitFailed(ILogger logger, int items, Exception fault);

    [LoggerMessage(3103, LogLevel.Error, "The chat database could not be opened anew.", EventName = "LiteDbReopenFailed")]
    public static partial void ReopenFailed(ILogger logger, Exception fault);

    [LoggerMessage(3104, LogLevel.Error, "The log of the chat database could not be moved into the database file.", EventName = "LiteDbCheckpointFailed")]
    public static partial void CheckpointFailed(ILogger logger, Exception fault);

    [LoggerMessage(3105, LogLevel.Warning, "A temporary blob file could not be deleted.", EventName = "LiteDbTemporaryBlobLeft")]
    public static partial void TemporaryBlobLeft(ILogger logger, Exception fault);

    [LoggerMessage(3106, LogLevel.Error, "The files of the chat database could not be closed in good order; the next start reads what was acknowledged.", EventName = "LiteDbCloseFailed")]
    public static partial void CloseFailed(ILogger logger, Exception fault);
}
