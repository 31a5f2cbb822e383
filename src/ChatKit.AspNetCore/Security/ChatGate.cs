using ChatKit.AspNetCore.Http;
using ChatKit.AspNetCore.RateLimits;
using ChatKit.Sessions;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Security;

/// <summary>What every request to ChatKit passes, whatever the host mapped around it: signed in, from an allowed origin, not forged;
/// and what turns anything that goes wrong behind it into problem details.</summary>
internal sealed class ChatGate(
    ChatUsers users,
    OriginPolicy origins,
    IAntiforgery antiforgery,
    ICommandLimiter limiter,
    ConnectionCounts counts,
    SessionManager sessions,
    IHostApplicationLifetime lifetime,
    IOptions<ChatKitWebOptions> options,
    ILogger<ChatGate> logger)
{
    private static readonly ChatError NotSignedIn = new(ChatErrorCode.Unauthenticated, "Nobody is signed in: send a bearer token or the host's sign-in cookie.");
    private static readonly ChatError NoUser = new(ChatErrorCode.Unauthenticated, "The sign-in has no usable user id (or tenant): the host's ChatKitWebOptions name the claims.");
    private static readonly ChatError ForeignOrigin = new(ChatErrorCode.ForbiddenOrigin, "The request comes from a page of another origin, which the host's AllowedOrigins do not name.");
    private static readonly ChatError Forged = new(ChatErrorCode.ForbiddenOrigin, "A write with a cookie must carry the antiforgery token: GET antiforgery says which header takes it.");

    public RequestDelegate Guard(RequestDelegate next) => context => InvokeAsync(context, next);

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var isHub = context.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is not null;
        if (!isHub)
        {
            context.Response.Headers.CacheControl = "no-store";
        }

        switch (users.Read(context.User, out var user))
        {
            case SignIn.None:
                context.Response.Headers.WWWAuthenticate = "Bearer";
                await ProblemWriter.WriteAsync(context, NotSignedIn);
                return;
            case SignIn.WithoutClaims:
                DoorLog.SignInWithoutClaims(logger, options.Value.UserIdClaim, options.Value.TenantClaim);
                context.Response.Headers.WWWAuthenticate = "Bearer";
                await ProblemWriter.WriteAsync(context, NoUser);
                return;
        }

        if (!BearerToken.IsUsed(context, inQueryToo: isHub))
        {
            if (!origins.Allows(context.Request))
            {
                DoorLog.ForeignOriginRefused(logger);
                await ProblemWriter.WriteAsync(context, ForeignOrigin);
                return;
            }

            if (!isHub && options.Value.RequireAntiforgery && !await IsGenuineAsync(context))
            {
                DoorLog.ForgedWriteRefused(logger);
                await ProblemWriter.WriteAsync(context, Forged);
                return;
            }
        }

        SignInExpiry.Remember(context);
        if (isHub)
        {
            await EnterHubAsync(context, next, user);
            return;
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<ChatEndpoint>()?.Class is { } kind && limiter.Check(user, kind) is { } limited)
        {
            await ProblemWriter.WriteAsync(context, limited);
            return;
        }

        ChatRequest.SetUser(context, user);
        await AnswerAsync(context, next);
    }

    /// <summary>Opening connections is limited, and so is how many are open. A socket or an event stream is one long request; of long polling, whose requests
    /// come and go, the connection is counted by the hub.</summary>
    private async Task EnterHubAsync(HttpContext context, RequestDelegate next, UserId user)
    {
        var request = context.Request;
        if (request.Path.Value?.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase) == true || !request.Query.ContainsKey("id"))
        {
            if ((sessions.IsStopping ? Drain.Stopping : limiter.Check(user, ChatCommandClass.Connect)) is { } refusal)
            {
                await ProblemWriter.WriteAsync(context, refusal);
                return;
            }
        }

        // SignalR adds the feature of WebSockets only behind this gate.
        var isStream = request.Headers.Upgrade.Contains("websocket", StringComparer.OrdinalIgnoreCase)
            || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true || request.GetTypedHeaders().Accept.Any(accept => accept.MediaType == "text/event-stream");
        if (!isStream)
        {
            await next(context);
            return;
        }

        if (counts.TryAdd(user) is { } full)
        {
            await ProblemWriter.WriteAsync(context, full);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            counts.Remove(user);
        }
    }

    /// <summary>A form is what a foreign page can post, and antiforgery would read it whole to look for a token in it: no endpoint takes one.</summary>
    private async ValueTask<bool> IsGenuineAsync(HttpContext context) =>
        !context.Request.HasFormContentType && await antiforgery.IsRequestValidAsync(context);

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (RequestRefusedException refused)
        {
            await ProblemWriter.WriteAsync(context, refused.Error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nobody reads an answer.
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await ProblemWriter.WriteAsync(context, new ChatError(ChatErrorCode.ShuttingDown, "The server is stopping: ask again.", TimeSpan.FromSeconds(1)));
        }
        catch (BadHttpRequestException bad)
        {
            var tooLarge = bad.StatusCode == StatusCodes.Status413PayloadTooLarge;
            await ProblemWriter.WriteAsync(context, tooLarge ? ChatRequest.TooLarge(options.Value.MaxRequestBytes)
                : new ChatError(ChatErrorCode.Invalid, "The body could not be read."));
        }
        catch (ChatStoreException exception)
        {
            DoorLog.StoreUnavailable(logger, exception);
            await ProblemWriter.WriteAsync(context, new ChatError(ChatErrorCode.Unavailable, "The store cannot answer now: ask again.", TimeSpan.FromSeconds(1)));
        }
        catch (Exception exception)
        {
            // The host's own error page may show exceptions; a chat client is never shown one.
            DoorLog.RequestFailed(logger, exception);
            await ProblemWriter.WriteAsync(context, new ChatError(ChatErrorCode.Unavailable, "The server failed to answer; its log says why."), StatusCodes.Status500InternalServerError);
        }
    }
}
