using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Messenger.SignIn;

/// <summary>DEVELOPMENT ONLY: believes everybody who says a name, without a password. It refuses to start outside the Development
/// environment; a real host has its sign-in already, and ChatKit takes the user from that.</summary>
internal static class DevelopmentSignIn
{
    public static IServiceCollection AddDevelopmentSignIn(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = "messenger";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.ExpireTimeSpan = TimeSpan.FromDays(30);
            options.CookieManager = new PersonCookies();
        });
        return services.AddAuthorization();
    }

    public static void MapDevelopmentSignIn(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            throw new InvalidOperationException(
                "The Messenger's sign-in believes every name it is told, so it runs in the Development environment only "
                + "(ASPNETCORE_ENVIRONMENT=Development, as 'dotnet run' sets it). Put a real sign-in in its place.");
        }

        app.MapPost("/sign-in", (Delegate)SignInAsync);
    }

    private static async Task<IResult> SignInAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!People.TryGetId(form["name"].ToString(), out var id))
        {
            return Results.Redirect("/");
        }

        PersonCookies.Choose(context, id);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id)], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
        return Results.Redirect($"/?as={Uri.EscapeDataString(id)}");
    }
}
