using Microsoft.Extensions.Logging;

namespace ChatKit.Sessions;

internal static partial class SessionsLog
{
    [LoggerMessage(1300, LogLevel.Warning, "A store could not do its maintenance; trying again at the next tick.", EventName = "MaintenanceFailed")]
    public static partial void MaintenanceFailed(ILogger logger, Exception exception);

    [LoggerMessage(1301, LogLevel.Information, "ChatKit runs as node {Node}.", EventName = "NodeStarted")]
    public static partial void NodeStarted(ILogger logger, NodeId node);
}
