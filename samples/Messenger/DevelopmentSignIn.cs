using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Messenger;

/// <summary>FOR DEVELOPMENT ONLY: whoever gives a name is that person, without a password. A real host keeps its own sign-in here;
/// ChatKit only reads the claim with the user's id.</summary>
internal static partial class DevelopmentSignIn
{
    private const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    public static void AddDevelopmentSignIn(this IServiceCollection services)
    {
        services.AddAuthentication(Scheme).AddCookie(cookie => cookie.Cookie.Name = "messenger");
        services.AddAuthorization();
    }

    public static void MapDevelopmentSignIn(this WebApplication app)
    {
        app.MapGet("/me", (ClaimsPrincipal user) => Results.Json(new { user = user.FindFirstValue(ClaimTypes.NameIdentifier) }));
        // As a Delegate: a method of HttpContext alone would be taken for a RequestDelegate, and its result thrown away.
        app.MapPost("/signin", (Delegate)SignInAsync);
        app.MapPost("/signout", (Delegate)SignOutAsync);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(Scheme);
        return Results.Redirect("/");
    }

    private static async Task<IResult> SignInAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return Results.BadRequest();
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var name = form["name"].ToString().Trim().ToLowerInvariant();
        if (!Name().IsMatch(name))
        {
            return Results.BadRequest("A name has 1 to 32 of a-z, 0-9 and -.");
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name)], Scheme);
        await context.SignInAsync(Scheme, new ClaimsPrincipal(identity));
        return Results.Redirect("/");
    }

    [GeneratedRegex("^[a-z0-9-]{1,32}$")]
    private static partial Regex Name();
}
