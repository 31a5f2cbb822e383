using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Security;

/// <summary>When a sign-in expires: as its ticket says, else its claim <c>exp</c>.</summary>
internal static class SignInExpiry
{
    private const string ExpiryClaim = "exp";
    private static readonly object Key = new();

    public static DateTimeOffset? Of(AuthenticateResult? result, ClaimsPrincipal? principal)
    {
        if (result?.Properties?.ExpiresUtc is { } expires)
        {
            return expires;
        }

        DateTimeOffset? first = null;
        foreach (var claim in principal?.FindAll(ExpiryClaim) ?? [])
        {
            if (long.TryParse(claim.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                && DateTimeOffset.FromUnixTimeSeconds(seconds) is var at && !(at >= first))
            {
                first = at;
            }
        }

        return first;
    }

    /// <summary>Notes it in the request. SignalR hands the items of the request that opened a connection to the connection, on every transport;
    /// the result of the authentication it does not.</summary>
    public static void Remember(HttpContext context) =>
        context.Items[Key] = Of(context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult, context.User);

    public static DateTimeOffset? Find(HttpContext? context) =>
        context is not null && context.Items.TryGetValue(Key, out var value) ? (DateTimeOffset?)value : null;
}
