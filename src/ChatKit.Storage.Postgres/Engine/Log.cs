using Microsoft.Extensions.Logging;

namespace ChatKit.Storage.Postgres;

internal static partial class Log
{
    [LoggerMessage(3201, LogLevel.Information, "The chat schema {Schema} was migrated from version {From} to {To}.", EventName = "PostgresMigrated")]
    public static partial void Migrated(ILogger logger, string schema, int from, int to);

    [LoggerMessage(3202, LogLevel.Warning, "The chat database is not the one it was created as (restored or copied): it becomes a new incarnation and clients load everything anew.", EventName = "PostgresNewIncarnation")]
    public static partial void NewIncarnation(ILogger logger);

    [LoggerMessage(3203, LogLevel.Warning, "The chat database may lose accepted messages in a crash: {Setting} is off. Set it to on.", EventName = "PostgresUnsafeServer")]
    public static partial void UnsafeServer(ILogger logger, string setting);

    [LoggerMessage(3204, LogLevel.Warning, "A call to the chat database failed and is tried again in {DelayMs} ms (try {Attempt}).", EventName = "PostgresRetry")]
    public static partial void Retry(ILogger logger, int attempt, long delayMs, Exception fault);

    [LoggerMessage(3205, LogLevel.Warning, "A write to the chat database failed after its caller had stopped waiting.", EventName = "PostgresAbandonedWriteFailed")]
    public static partial void AbandonedWriteFailed(ILogger logger, Exception fault);

    [LoggerMessage(3206, LogLevel.Warning, "The chat database is not ready yet; the start waits for it.", EventName = "PostgresNotReady")]
    public static partial void NotReady(ILogger logger, Exception fault);

    [LoggerMessage(3207, LogLevel.Warning, "The bytes of an upload that was not finished could not be removed; they are swept later.", EventName = "PostgresUploadLeft")]
    public static partial void UploadLeft(ILogger logger, Exception fault);
}
