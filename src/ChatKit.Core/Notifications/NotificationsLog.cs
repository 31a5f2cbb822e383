using Microsoft.Extensions.Logging;

namespace ChatKit.Notifications;

internal static partial class NotificationsLog
{
    [LoggerMessage(1400, LogLevel.Warning, "Notifications could not be sent; they are tried again.", EventName = "NotificationsFailed")]
    public static partial void Failed(ILogger logger, Exception exception);
}
