using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Security;

/// <summary>Moves the token of a socket from the query into the Authorization header. It stands where the request's context is made,
/// because the host logs the query before the first middleware runs. Such a request loses its cookies: it is signed in by the token or not at all,
/// so a foreign page gains nothing by adding a token of its own to a request that carries the user's cookie.</summary>
internal sealed class QueryTokenContextFactory(IHttpContextFactory inner, HubPaths paths, IOptions<ChatKitWebOptions> options) : IHttpContextFactory
{
    public HttpContext Create(IFeatureCollection featureCollection)
    {
        if (featureCollection.Get<IHttpRequestFeature>() is { } request
            && request.QueryString.Contains(BearerToken.QueryKey, StringComparison.OrdinalIgnoreCase)
            && paths.Contains(request.Path) && options.Value.AcceptQueryToken)
        {
            Move(request);
        }

        return inner.Create(featureCollection);
    }

    public void Dispose(HttpContext httpContext) => inner.Dispose(httpContext);

    private static void Move(IHttpRequestFeature request)
    {
        string? token = null;
        var rest = QueryString.Empty;
        foreach (var pair in new QueryStringEnumerable(request.QueryString))
        {
            var name = pair.DecodeName();
            if (name.Span.Equals(BearerToken.QueryKey, StringComparison.OrdinalIgnoreCase))
            {
                token ??= pair.DecodeValue().ToString();
            }
            else
            {
                rest = rest.Add(name.ToString(), pair.DecodeValue().ToString());
            }
        }

        if (token is null)
        {
            return;
        }

        request.QueryString = rest.ToUriComponent();
        var mark = request.RawTarget.IndexOf('?', StringComparison.Ordinal);
        request.RawTarget = mark < 0 ? request.RawTarget : request.RawTarget[..mark] + request.QueryString;
        if (token.Length > 0 && request.Headers.Authorization.Count == 0 && !token.AsSpan().ContainsAnyInRange('\0', ' '))
        {
            request.Headers.Authorization = BearerToken.Scheme + token;
            request.Headers.Cookie = default;
        }
    }
}
