using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>Believes what the request says: <c>Authorization: Bearer NAME</c> or <c>X-User: NAME</c>; <c>NAME@TENANT</c> adds the claim <c>tenant</c>,
/// <c>!</c> in front leaves the user's id out.</summary>
internal sealed class TestSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "Test";
    public const string Header = "X-User";
    public const string TenantClaim = "tenant";

    public static ClaimsPrincipal Principal(string name, string scheme)
    {
        var identity = new ClaimsIdentity(scheme);
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var user = at < 0 ? name : name[..at];
        if (!user.StartsWith('!'))
        {
            identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, user));
        }

        if (at >= 0)
        {
            identity.AddClaim(new Claim(TenantClaim, name[(at + 1)..]));
        }

        return new ClaimsPrincipal(identity);
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var name = Request.Headers[Header].ToString();
        var authorization = Request.Headers.Authorization.ToString();
        if (name.Length == 0 && authorization.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            name = authorization["Bearer ".Length..];
        }

        return Task.FromResult(name.Length == 0
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(new AuthenticationTicket(Principal(name, Scheme), Scheme)));
    }
}
