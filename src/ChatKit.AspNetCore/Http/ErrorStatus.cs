using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Http;

/// <summary>The one mapping of error codes to HTTP: status, and the title of the problem. docs/errors.md shows the same table.</summary>
internal static class ErrorStatus
{
    public static int Of(ChatErrorCode code) => code switch
    {
        ChatErrorCode.Unauthenticated => StatusCodes.Status401Unauthorized,
        ChatErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        ChatErrorCode.NotMember => StatusCodes.Status404NotFound,
        ChatErrorCode.NotFound => StatusCodes.Status404NotFound,
        ChatErrorCode.Invalid => StatusCodes.Status400BadRequest,
        ChatErrorCode.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ChatErrorCode.Conflict => StatusCodes.Status409Conflict,
        ChatErrorCode.StaleEpoch => StatusCodes.Status409Conflict,
        ChatErrorCode.OutOfOrder => StatusCodes.Status409Conflict,
        ChatErrorCode.RateLimited => StatusCodes.Status429TooManyRequests,
        ChatErrorCode.Overloaded => StatusCodes.Status503ServiceUnavailable,
        ChatErrorCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ChatErrorCode.UnknownCommand => StatusCodes.Status400BadRequest,
        ChatErrorCode.UnsupportedVersion => StatusCodes.Status400BadRequest,
        ChatErrorCode.HelloRequired => StatusCodes.Status400BadRequest,
        ChatErrorCode.TargetGone => StatusCodes.Status410Gone,
        ChatErrorCode.DeviceRevoked => StatusCodes.Status403Forbidden,
        ChatErrorCode.SlowConsumer => StatusCodes.Status408RequestTimeout,
        ChatErrorCode.ShuttingDown => StatusCodes.Status503ServiceUnavailable,
        ChatErrorCode.ResyncRequired => StatusCodes.Status410Gone,
        ChatErrorCode.ForbiddenOrigin => StatusCodes.Status403Forbidden,
        ChatErrorCode.TokenExpired => StatusCodes.Status401Unauthorized,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Give the new code a status here and a row in docs/errors.md."),
    };

    public static string Title(ChatErrorCode code) => code switch
    {
        ChatErrorCode.Unauthenticated => "Not signed in",
        ChatErrorCode.Forbidden => "Not allowed",
        ChatErrorCode.NotMember => "No member of this conversation",
        ChatErrorCode.NotFound => "Not found",
        ChatErrorCode.Invalid => "Invalid request",
        ChatErrorCode.TooLarge => "Too large",
        ChatErrorCode.Conflict => "The id was used for something else",
        ChatErrorCode.StaleEpoch => "Stale epoch",
        ChatErrorCode.OutOfOrder => "An earlier command comes first",
        ChatErrorCode.RateLimited => "Too many commands",
        ChatErrorCode.Overloaded => "Too busy",
        ChatErrorCode.Unavailable => "Cannot answer now",
        ChatErrorCode.UnknownCommand => "Unknown command",
        ChatErrorCode.UnsupportedVersion => "No common version",
        ChatErrorCode.HelloRequired => "Hello comes first",
        ChatErrorCode.TargetGone => "The message is gone",
        ChatErrorCode.DeviceRevoked => "The device was revoked",
        ChatErrorCode.SlowConsumer => "Too slow",
        ChatErrorCode.ShuttingDown => "The server is stopping",
        ChatErrorCode.ResyncRequired => "Load everything anew",
        ChatErrorCode.ForbiddenOrigin => "Foreign origin",
        ChatErrorCode.TokenExpired => "The sign-in has expired",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Give the new code a title here."),
    };
}
