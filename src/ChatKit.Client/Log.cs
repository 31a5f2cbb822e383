using Microsoft.Extensions.Logging;

namespace ChatKit.Client;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Connected as {User} (reset: {Reset})", EventName = "Connected")]
    public static partial void Connected(ILogger log, string user, bool reset);

    [LoggerMessage(2, LogLevel.Warning, "Not connected: {Reason} Next try in {Delay}", EventName = "Disconnected")]
    public static partial void Disconnected(ILogger log, string reason, TimeSpan delay, Exception? cause);

    [LoggerMessage(3, LogLevel.Error, "Stopped for good: {Reason}", EventName = "GivenUp")]
    public static partial void GivenUp(ILogger log, string reason, Exception? cause);

    [LoggerMessage(4, LogLevel.Error, "Gap in {Conversation}: at {Position}, got {First}. This is an error of the server; connecting again", EventName = "Gap")]
    public static partial void Gap(ILogger log, string conversation, long? position, long first);

    [LoggerMessage(5, LogLevel.Debug, "Refused {Code}: {Message} (command {Id}, conversation {Conversation})", EventName = "Refused")]
    public static partial void Refused(ILogger log, string? code, string? message, string? id, string? conversation);

    [LoggerMessage(6, LogLevel.Warning, "Ignored a malformed event {Tag}", EventName = "MalformedEvent")]
    public static partial void MalformedEvent(ILogger log, string? tag, Exception? cause);

    [LoggerMessage(7, LogLevel.Debug, "Ignored an event of unknown tag {Tag}", EventName = "UnknownEvent")]
    public static partial void UnknownEvent(ILogger log, string? tag);

    [LoggerMessage(22, LogLevel.Warning, "The client's store failed; what was to be kept is tried again with the next change", EventName = "ClientStoreFailed")]
    public static partial void StoreFailed(ILogger log, Exception cause);

    [LoggerMessage(20, LogLevel.Information, "The connection goes on with a new token, good until {Until}", EventName = "TokenRenewed")]
    public static partial void TokenRenewed(ILogger log, DateTimeOffset? until);

    [LoggerMessage(21, LogLevel.Warning, "The connection's token, good until {Until}, was not renewed: {Reason}", EventName = "TokenNotRenewed")]
    public static partial void TokenNotRenewed(ILogger log, DateTimeOffset until, string reason, Exception? cause);
}
