using System.Net;
using System.Net.Http;

namespace ChatKit.Client.Connection;

/// <summary>Why a connection ended, or did not come about.</summary>
internal sealed record LinkEnd(ChatErrorCode Code, string Message, bool IsFinal = false, TimeSpan? RetryAfter = null, Exception? Cause = null)
{
    /// <summary>Whether the server asked to come again at once: it is stopping and sends its clients away one by one, or the token had run out.</summary>
    public bool AtOnce { get; init; }

    public ChatClientException ToException() => new(Code, Message, RetryAfter, Cause);

    /// <summary>What failed when connecting. A wrong address (404) is final only for the very first connection: later it is a host being restarted.</summary>
    public static LinkEnd FromFailure(Exception exception, bool first) => exception switch
    {
        HttpRequestException { StatusCode: HttpStatusCode.Unauthorized } => new(ChatErrorCode.Unauthenticated,
            "The server did not accept the sign-in: check AccessTokenProvider, or the cookies given by ConfigureHttp.", true, Cause: exception),
        HttpRequestException { StatusCode: HttpStatusCode.Forbidden } => new(ChatErrorCode.Forbidden,
            "The server does not let this user in.", true, Cause: exception),
        HttpRequestException { StatusCode: HttpStatusCode.NotFound } => new(ChatErrorCode.NotFound,
            "There is no chat at this address: Server must be the path the host gave to MapChatKit.", first, Cause: exception),
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests } => new(ChatErrorCode.RateLimited,
            "The server takes no more connections of this user for now.", Cause: exception),
        OperationCanceledException => new(ChatErrorCode.Unavailable, "The server did not answer in time.", Cause: exception),
        _ => new(ChatErrorCode.Unavailable, "The server cannot be reached.", Cause: exception),
    };

    /// <summary>What the server said at Hello, or as goodbye.</summary>
    public static LinkEnd FromServer(string? code, string? message, TimeSpan? retryAfter, bool goodbye)
    {
        if (!ChatErrorCodes.TryParse(code, out var parsed))
        {
            // A code of a later version: saying goodbye with it is no reason to stay away; refusing the welcome is.
            return new(ChatErrorCode.Unavailable, $"{code}: {message}", !goodbye, retryAfter);
        }

        // A token that ran out is renewed by the next connection; if that one is not welcome either, it is final.
        var again = parsed.IsTransient() || parsed is ChatErrorCode.ResyncRequired or ChatErrorCode.HelloRequired
            || (goodbye && parsed is ChatErrorCode.Unauthenticated or ChatErrorCode.TokenExpired);
        return new(parsed, message ?? "The server gave no reason.", !again, retryAfter)
        {
            AtOnce = goodbye && retryAfter is null && parsed is ChatErrorCode.ShuttingDown or ChatErrorCode.TokenExpired,
        };
    }
}
