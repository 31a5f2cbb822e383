using Microsoft.AspNetCore.Http;

namespace ChatKit.AspNetCore.Security;

/// <summary>An origin of the web: scheme, host and port.</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    public static bool TryParse(string? text, out Origin origin)
    {
        origin = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || uri.Host.Length == 0)
        {
            return false;
        }

        origin = new Origin(uri.Scheme, uri.IdnHost.ToLowerInvariant(), uri.Port);
        return true;
    }

    /// <summary>Whether a page of this origin belongs to the host the request was sent to. A page over https may talk to a host that
    /// sees http (a proxy in front took the TLS off); the other way round never.</summary>
    public bool IsOwn(HttpRequest request)
    {
        if (!request.Host.HasValue || (request.IsHttps && Scheme != Uri.UriSchemeHttps))
        {
            return false;
        }

        // Both sides through the same parser, so that letter case, IPv6 and default ports compare alike.
        return TryParse($"{Scheme}://{request.Host.Value}", out var own) && own == this;
    }
}
