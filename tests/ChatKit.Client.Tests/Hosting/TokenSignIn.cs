using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.Client.Tests.Hosting;

/// <summary>Believes tokens: NAME, or NAME|TICKS until then.</summary>
public sealed class TokenSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Token";

    public static string Issue(string user, DateTimeOffset until) => string.Create(CultureInfo.InvariantCulture, $"{user}|{until.UtcTicks}");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = Request.Headers.Authorization.ToString();
        token = token.Length == 0 ? Request.Query["access_token"].ToString() : token.Replace("Bearer ", "", StringComparison.Ordinal);
        var parts = token.Split('|');
        if (token.Length == 0 || (parts.Length > 1 && long.Parse(parts[1], CultureInfo.InvariantCulture) <= time.GetUtcNow().UtcTicks))
        {
            return Task.FromResult(AuthenticateResult.Fail("No token, or one that has expired."));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, parts[0])], Scheme);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme)));
    }
}
