using ChatKit.Client;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace ChatKit.Docs.Tests.Snippets;

internal static class AuthSnippets
{
    public static void Claims(WebApplicationBuilder builder)
    {
        #region auth-claims
        builder.Services.AddChatKit()
            .UseLiteDb("data/chat.db")
            .ConfigureWeb(web =>
            {
                web.UserIdClaim = "employee_id";   // default: ClaimTypes.NameIdentifier, else "sub"
                web.TenantClaim = "company";       // default: null, one customer
            });
        #endregion
    }

    public static void Bearer(WebApplicationBuilder builder)
    {
        #region auth-bearer
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
        {
            jwt.Authority = "https://id.example.com";
            jwt.Audience = "chat";
        });
        builder.Services.AddAuthorization();
        #endregion
    }

    public static void Cookies(WebApplicationBuilder builder)
    {
        #region auth-cookie
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorization();
        builder.Services.AddAntiforgery(antiforgery => antiforgery.HeaderName = "X-XSRF-TOKEN");   // default: RequestVerificationToken
        #endregion
    }

    public static void Origins(WebApplicationBuilder builder, WebApplication app)
    {
        #region auth-origins
        builder.Services.AddCors(cors => cors.AddPolicy("app", policy => policy
            .WithOrigins("https://app.example.com").AllowAnyHeader().AllowAnyMethod().AllowCredentials()));
        builder.Services.AddChatKit()
            .UseLiteDb("data/chat.db")
            .ConfigureWeb(web => web.AllowedOrigins.Add("https://app.example.com"));
        #endregion

        #region auth-origins-map
        app.MapChatKit("/chat").RequireAuthorization().RequireCors("app");
        #endregion
    }

    public static async Task RenewalAsync(string deviceId)
    {
        #region auth-renewal
        await using var chat = new ChatClient(new ChatClientOptions
        {
            Server = new Uri("https://example.com/chat"),
            DeviceId = deviceId,
            TokenProvider = (reason, stop) => reason == TokenReason.Renewal ? RefreshAsync(stop) : CachedAsync(stop),
        });
        #endregion
    }

    private static Task<string?> RefreshAsync(CancellationToken stop) => CachedAsync(stop);

    private static Task<string?> CachedAsync(CancellationToken stop) => Task.FromResult<string?>(stop.IsCancellationRequested ? null : "token");
}
