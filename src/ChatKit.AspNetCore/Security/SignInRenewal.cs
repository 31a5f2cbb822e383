using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore.Security;

/// <summary>Judges the token with which a live connection renews its sign-in, by the host's own authentication and by the policy the host
/// put on the hub: as if the connection were opened with it.</summary>
internal sealed class SignInRenewal(
    IServiceScopeFactory scopes, ChatUsers users, RenewalTickets tickets, TimeProvider time, ILogger<SignInRenewal> logger)
{
    private const int MaxTokenLength = 16 * 1024;

    private static readonly ChatError NotAccepted = new(ChatErrorCode.Unauthenticated, "The token was not accepted.");
    private static readonly ChatError NotAllowed = new(ChatErrorCode.Forbidden, "The host does not let this token in here.");
    private static readonly ChatError OtherUser = new(ChatErrorCode.Forbidden, "The token is of another user: open a connection of its own with it.");
    private static readonly ChatError Expired = new(ChatErrorCode.TokenExpired, "The token has expired itself.");

    /// <param name="connection">The request that opened the connection.</param>
    /// <param name="user">Whose connection it is.</param>
    /// <param name="token">The new token.</param>
    /// <returns>When the new sign-in expires (null: never), or why it is refused.</returns>
    public async ValueTask<ChatResult<DateTimeOffset?>> JudgeAsync(HttpContext? connection, UserId user, string? token)
    {
        if (string.IsNullOrEmpty(token) || token.AsSpan().ContainsAnyInRange('\0', ' '))
        {
            return new ChatError(ChatErrorCode.Invalid, "token: the new bearer token, or what POST renewal answered.");
        }

        if (token.Length > MaxTokenLength)
        {
            return new ChatError(ChatErrorCode.TooLarge, $"token: at most {MaxTokenLength} characters.");
        }

        if (RenewalTickets.IsTicket(token))
        {
            return tickets.TryRead(token, out var owner, out var until) ? Check(owner, until) : NotAccepted;
        }

        try
        {
            return await AuthenticateAsync(connection, token, Check);
        }
        catch (Exception exception)
        {
            // A handler of the host failed (its identity provider is away, perhaps): the connection keeps what it has.
            DoorLog.RenewalFailed(logger, exception);
            return new ChatError(ChatErrorCode.Unavailable, "The token cannot be checked now: try again.");
        }

        ChatResult<DateTimeOffset?> Check(UserId owner, DateTimeOffset? until) =>
            owner != user ? OtherUser : until <= time.GetUtcNow() ? Expired : ChatResult.From(until);
    }

    private async ValueTask<ChatResult<DateTimeOffset?>> AuthenticateAsync(
        HttpContext? connection, string token, Func<UserId, DateTimeOffset?, ChatResult<DateTimeOffset?>> check)
    {
        await using var scope = scopes.CreateAsyncScope();
        var request = Request(connection, token, scope.ServiceProvider);
        AuthenticateResult? result = null;
        if (scope.ServiceProvider.GetService<IAuthenticationSchemeProvider>() is { } schemes && await schemes.GetDefaultAuthenticateSchemeAsync() is not null)
        {
            result = await request.AuthenticateAsync();
            request.User = result.Principal ?? request.User;
        }

        var authorized = await AuthorizeAsync(request, result, scope.ServiceProvider);
        if (authorized.Refusal is { } refusal)
        {
            return refusal;
        }

        return users.Read(request.User, out var owner) == SignIn.Known
            ? check(owner, SignInExpiry.Of(authorized.Result ?? result, request.User)) : NotAccepted;
    }

    /// <summary>The policy of the hub's endpoint may name schemes of its own, and conditions beyond being signed in.</summary>
    private static async ValueTask<(AuthenticateResult? Result, ChatError? Refusal)> AuthorizeAsync(
        HttpContext request, AuthenticateResult? result, IServiceProvider services)
    {
        if (request.GetEndpoint()?.Metadata is not { } metadata || metadata.GetMetadata<IAllowAnonymous>() is not null
            || services.GetService<IAuthorizationPolicyProvider>() is not { } policies || services.GetService<IPolicyEvaluator>() is not { } evaluator)
        {
            return (null, null);
        }

        var policy = await AuthorizationPolicy.CombineAsync(
            policies, metadata.GetOrderedMetadata<IAuthorizeData>(), metadata.GetOrderedMetadata<AuthorizationPolicy>());
        if (policy is null)
        {
            return (null, null);
        }

        if (policy.AuthenticationSchemes.Count > 0 || result is null)
        {
            result = await evaluator.AuthenticateAsync(policy, request);
        }

        var decision = await evaluator.AuthorizeAsync(policy, result, request, request);
        return (result, decision.Succeeded ? null : decision.Forbidden ? NotAllowed : NotAccepted);
    }

    private static DefaultHttpContext Request(HttpContext? connection, string token, IServiceProvider services)
    {
        var request = new DefaultHttpContext { RequestServices = services };
        request.Request.Method = HttpMethods.Get;
        request.Request.Headers.Authorization = BearerToken.Scheme + token;
        if (connection is not null)
        {
            request.Request.Scheme = connection.Request.Scheme;
            request.Request.Host = connection.Request.Host;
            request.Request.PathBase = connection.Request.PathBase;
            request.Request.Path = connection.Request.Path;
            request.Connection.RemoteIpAddress = connection.Connection.RemoteIpAddress;
            request.SetEndpoint(connection.GetEndpoint());
        }

        return request;
    }
}
