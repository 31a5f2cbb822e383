using ChatKit.AspNetCore.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Security;

/// <summary>What the host's own authorization (<c>RequireAuthorization()</c>) refuses at ChatKit's endpoints gets problem details with the code, too. The host's
/// handler answers first, as everywhere.</summary>
internal sealed class ProblemAuthorization(IAuthorizationMiddlewareResultHandler inner) : IAuthorizationMiddlewareResultHandler
{
    private static readonly ChatError NotSignedIn = new(ChatErrorCode.Unauthenticated, "Nobody is signed in, or the sign-in is not accepted (any more).");
    private static readonly ChatError NotAllowed = new(ChatErrorCode.Forbidden, "The host does not let this user in here.");

    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        await inner.HandleAsync(next, context, policy, authorizeResult);
        if (authorizeResult.Succeeded || context.Response.HasStarted || context.GetEndpoint()?.Metadata.GetMetadata<ChatEndpoint>() is null)
        {
            return;
        }

        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status401Unauthorized:
                await ProblemWriter.WriteAsync(context, NotSignedIn);
                break;
            case StatusCodes.Status403Forbidden:
                await ProblemWriter.WriteAsync(context, NotAllowed);
                break;
        }
    }
}
