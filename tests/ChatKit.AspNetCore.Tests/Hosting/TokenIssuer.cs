using System.Text;
using ChatKit.AspNetCore.Tests.Scenarios;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>Real tokens (JWT) by a clock that a test can shift, and hosts that take them.</summary>
internal sealed class TokenIssuer
{
    private readonly SymmetricSecurityKey key = new(Encoding.UTF8.GetBytes("a key of these tests and of nothing else in the world"));

    public ShiftedTime Clock { get; } = new();

    public string Issue(string user, TimeSpan life, string? tenant = null)
    {
        var claims = new Dictionary<string, object> { ["sub"] = user };
        if (tenant is not null)
        {
            claims[TestSignIn.TenantClaim] = tenant;
        }

        var now = Clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "test",
            Audience = "chat",
            Claims = claims,
            IssuedAt = now,
            Expires = now + life,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Makes a host take these tokens, and only these, by the shifted clock.</summary>
    public void Use(ChatHostOptions options)
    {
        var before = options.Build;
        options.Build = builder =>
        {
            before(builder);
            builder.Services.AddSingleton<TimeProvider>(Clock);
            builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
            {
                jwt.MapInboundClaims = false;
                jwt.TokenValidationParameters = new TokenValidationParameters
                {
                    IssuerSigningKey = key,
                    ValidIssuer = "test",
                    ValidAudience = "chat",
                    LifetimeValidator = (_, expires, _, _) => expires > Clock.GetUtcNow().UtcDateTime,
                };
            });
        };
    }
}
