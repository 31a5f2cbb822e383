using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore;

/// <summary>What the door logs: event ids 2000 to 2999. No line has a token, a body or a query.</summary>
internal static partial class DoorLog
{
    [LoggerMessage(EventId = 2001, EventName = nameof(SignInWithoutClaims), Level = LogLevel.Warning,
        Message = "A signed-in user was refused: the claim {UserIdClaim} (or the tenant's claim {TenantClaim}) is missing or malformed. Set ChatKitWebOptions.UserIdClaim and TenantClaim with ConfigureWeb(…).")]
    public static partial void SignInWithoutClaims(ILogger logger, string userIdClaim, string? tenantClaim);

    [LoggerMessage(EventId = 2002, EventName = nameof(ForeignOriginRefused), Level = LogLevel.Warning,
        Message = "A request from a foreign origin was refused. If the page is yours, name its origin in ChatKitWebOptions.AllowedOrigins.")]
    public static partial void ForeignOriginRefused(ILogger logger);

    [LoggerMessage(EventId = 2003, EventName = nameof(ForgedWriteRefused), Level = LogLevel.Warning,
        Message = "A write without a bearer token and without a valid antiforgery token was refused.")]
    public static partial void ForgedWriteRefused(ILogger logger);

    [LoggerMessage(EventId = 2004, EventName = nameof(StoreUnavailable), Level = LogLevel.Error, Message = "A request failed because the store could not answer.")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2005, EventName = nameof(RequestFailed), Level = LogLevel.Error, Message = "A request failed.")]
    public static partial void RequestFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2006, EventName = nameof(HelloRefused), Level = LogLevel.Debug, Message = "Connection {ConnectionId} was refused: {Code}.")]
    public static partial void HelloRefused(ILogger logger, string connectionId, string? code);

    [LoggerMessage(EventId = 2007, EventName = nameof(HelloFailed), Level = LogLevel.Error, Message = "Opening a session on connection {ConnectionId} failed.")]
    public static partial void HelloFailed(ILogger logger, Exception exception, string connectionId);

    [LoggerMessage(EventId = 2008, EventName = nameof(MalformedFrames), Level = LogLevel.Debug, Message = "Connection {ConnectionId} sent {Count} malformed commands; they were refused.")]
    public static partial void MalformedFrames(ILogger logger, string connectionId, int count);

    [LoggerMessage(EventId = 2009, EventName = nameof(CloseFailed), Level = LogLevel.Error, Message = "Closing the session of connection {ConnectionId} failed.")]
    public static partial void CloseFailed(ILogger logger, Exception exception, string connectionId);

    [LoggerMessage(EventId = 2010, EventName = nameof(HealthCheckFailed), Level = LogLevel.Warning, Message = "The store did not answer the health check.")]
    public static partial void HealthCheckFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2011, EventName = nameof(RenewalFailed), Level = LogLevel.Error, Message = "A token for the renewal of a connection could not be checked.")]
    public static partial void RenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2012, EventName = nameof(RenewalRefused), Level = LogLevel.Information, Message = "Connection {ConnectionId} was not renewed: {Code}.")]
    public static partial void RenewalRefused(ILogger logger, string connectionId, string? code);

    [LoggerMessage(EventId = 2013, EventName = nameof(ConnectionEnded), Level = LogLevel.Debug, Message = "Connection {ConnectionId} was ended: {Reason}.")]
    public static partial void ConnectionEnded(ILogger logger, string connectionId, string reason);

    [LoggerMessage(EventId = 2014, EventName = nameof(FramesFailed), Level = LogLevel.Error, Message = "Taking commands of connection {ConnectionId} failed.")]
    public static partial void FramesFailed(ILogger logger, Exception exception, string connectionId);
}
