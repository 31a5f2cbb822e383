using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Security;

/// <summary>Who the host's sign-in says it is.</summary>
internal sealed class ChatUsers(IOptions<ChatKitWebOptions> options)
{
    private const string Subject = "sub";
    private readonly string userIdClaim = options.Value.UserIdClaim;
    private readonly string? tenantClaim = options.Value.TenantClaim;

    public SignIn Read(ClaimsPrincipal? principal, out UserId user)
    {
        user = default;
        var signedIn = false;
        foreach (var identity in principal?.Identities ?? [])
        {
            if (!identity.IsAuthenticated)
            {
                continue;
            }

            signedIn = true;
            var id = identity.FindFirst(userIdClaim)?.Value;
            if (id is null && userIdClaim == ClaimTypes.NameIdentifier)
            {
                id = identity.FindFirst(Subject)?.Value;
            }

            // A host with tenants never lets a user without one into the tenant of nobody.
            var tenant = tenantClaim is null ? "" : identity.FindFirst(tenantClaim)?.Value;
            if (id is not null && tenant is not null && (tenantClaim is null || tenant.Length > 0) && UserId.TryCreate(id, tenant, out user))
            {
                return SignIn.Known;
            }
        }

        return signedIn ? SignIn.WithoutClaims : SignIn.None;
    }
}
