using Microsoft.Extensions.Logging;

namespace ChatKit.Delivery;

internal static partial class DeliveryLog
{
    [LoggerMessage(1200, LogLevel.Warning, "The backplane did not take {Count} hints.", EventName = "PublishFailed")]
    public static partial void PublishFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(1201, LogLevel.Warning, "The marks of {Count} cursors could not be stored; they are kept and tried again.", EventName = "FlushFailed")]
    public static partial void FlushFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "A connection of {Device} could not be served from the store; it will pull again.", EventName = "PullFailed")]
    public static partial void PullFailed(ILogger logger, DeviceId device, Exception exception);

    [LoggerMessage(1203, LogLevel.Information, "The connection of {Device} was cut: {Code}.", EventName = "SessionCut")]
    public static partial void SessionCut(ILogger logger, DeviceId device, string code);

    [LoggerMessage(1204, LogLevel.Debug, "The connection of {Device} is gone.", EventName = "ConnectionGone")]
    public static partial void ConnectionGone(ILogger logger, DeviceId device, Exception exception);

    [LoggerMessage(1205, LogLevel.Error, "A hint could not be handled; receivers pull later.", EventName = "HintFailed")]
    public static partial void HintFailed(ILogger logger, Exception exception);

    [LoggerMessage(1206, LogLevel.Warning, "The feed could not be read; trying again.", EventName = "FeedFailed")]
    public static partial void FeedFailed(ILogger logger, Exception exception);

    [LoggerMessage(1207, LogLevel.Error, "A command of {Device} failed.", EventName = "CommandFailed")]
    public static partial void CommandFailed(ILogger logger, DeviceId device, Exception exception);
}
