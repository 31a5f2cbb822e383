using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Messenger.SignIn;

/// <summary>DEVELOPMENT ONLY: one cookie a person, chosen by <c>?as=name</c>, so that two tabs of one browser can be two people.</summary>
internal sealed class PersonCookies : ICookieManager
{
    private readonly ChunkingCookieManager cookies = new();

    /// <summary>Says whose cookie the rest of this request means, whatever its query says.</summary>
    public static void Choose(HttpContext context, string person) => context.Items[typeof(PersonCookies)] = person;

    public string? GetRequestCookie(HttpContext context, string key) => cookies.GetRequestCookie(context, Name(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        cookies.AppendResponseCookie(context, Name(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) =>
        cookies.DeleteCookie(context, Name(context, key), options);

    private static string Name(HttpContext context, string key)
    {
        var person = context.Items[typeof(PersonCookies)] as string ?? context.Request.Query["as"].ToString();
        return person.Length == 0 ? key : $"{key}.{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(person))}";
    }
}
