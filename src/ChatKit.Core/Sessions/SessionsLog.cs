using Microsoft.Extensions.Logging;

namespace ChatKit.Sessions;

internal static partial class SessionsLog
{
    [LoggerMessage(1300, LogLevel.Warning, "A store could not do its maintenance; trying again at the next tick.", EventName = "MaintenanceFailed")]
    public static partial void MaintenanceFailed(ILogger logger, Exception exception);

    [LoggerMessage(1301, LogLevel.Information, "ChatKit runs as node {Node}.", EventName = "NodeStarted")]
    public static partial void NodeStarted(ILogger logger, NodeId node);

    [LoggerMessage(1302, LogLevel.Information, "The host is stopping: its {Count} sessions are sent away.", EventName = "DrainStarted")]
    public static partial void DrainStarted(ILogger logger, int count);

    [LoggerMessage(1303, LogLevel.Information, "The sessions were sent away in {Time}; {Cut} of them did not go and were cut.", EventName = "DrainEnded")]
    public static partial void DrainEnded(ILogger logger, TimeSpan time, int cut);
}
