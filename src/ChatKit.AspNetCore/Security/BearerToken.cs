using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Security;

/// <summary>Whether a request is signed in by something a foreign page cannot make a browser send.</summary>
internal static class BearerToken
{
    public const string QueryKey = "access_token";
    public const string Scheme = "Bearer ";

    /// <summary>A foreign page can set no Authorization header without the host's CORS consent. A token in the query it can set: that counts only
    /// where the request carries nothing else (no cookie, no client certificate) that could have signed the user in.</summary>
    public static bool IsUsed(HttpContext context, bool inQueryToo)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count == 1 && header[0] is { } value && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        return inQueryToo && header.Count == 0 && context.Request.Headers.Cookie.Count == 0
            && !string.IsNullOrEmpty(context.Request.Query[QueryKey]) && context.Connection.ClientCertificate is null;
    }
}
