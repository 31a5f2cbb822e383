using Microsoft.Extensions.Logging;

namespace ChatKit.Messaging;

internal static partial class MessagingLog
{
    [LoggerMessage(1100, LogLevel.Error, "A batch of {Count} commands failed.", EventName = "BatchFailed")]
    public static partial void BatchFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(1101, LogLevel.Warning, "The store did not take {Count} entries (try {Attempt}).", EventName = "AppendFailed")]
    public static partial void AppendFailed(ILogger logger, int count, int attempt, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "The directory did not answer; the commands that need it are refused for now.", EventName = "DirectoryFailed")]
    public static partial void DirectoryFailed(ILogger logger, Exception exception);

    [LoggerMessage(1103, LogLevel.Warning, "Any signed-in user may write to any other: no IChatAuthorizer is registered. Register your own to decide who may.", EventName = "DefaultAuthorizer")]
    public static partial void DefaultAuthorizer(ILogger logger);
}
