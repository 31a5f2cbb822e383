using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Security;

/// <summary>Which pages may use a sign-in that the browser sends by itself.</summary>
internal sealed class OriginPolicy(IOptions<ChatKitWebOptions> options)
{
    private readonly FrozenSet<Origin> allowed = options.Value.AllowedOrigins
        .Select(text => Origin.TryParse(text, out var origin) ? origin : default).ToFrozenSet();

    public bool Allows(HttpRequest request)
    {
        var header = request.Headers.Origin;
        if (header.Count == 0)
        {
            // No Origin: not a browser, or a plain GET of one. The browsers of today say which in Sec-Fetch-Site.
            var site = request.Headers["Sec-Fetch-Site"].ToString();
            return site is not ("cross-site" or "same-site");
        }

        return header.Count == 1 && Origin.TryParse(header[0], out var origin) && (origin.IsOwn(request) || allowed.Contains(origin));
    }
}
