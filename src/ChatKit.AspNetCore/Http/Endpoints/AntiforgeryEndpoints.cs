using ChatKit.AspNetCore.Http.Contracts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Http.Endpoints;

/// <summary>The token for writes with a cookie.</summary>
internal static class AntiforgeryEndpoints
{
    public static IEnumerable<EndpointSpec> All =>
    [
        new("GET", "antiforgery", "getAntiforgeryToken", "The token that every write signed in by a cookie must carry, and the header that takes it.", GetAsync)
        {
            Response = HttpJson.Default.AntiforgeryResponse,
        },
    ];

    private static Task GetAsync(HttpContext context)
    {
        // Antiforgery says itself that the answer is not to be stored, and warns in the log when somebody said so before.
        context.Response.Headers.CacheControl = default;
        var tokens = context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);
        if (tokens.RequestToken is not { } token || tokens.HeaderName is not { } header)
        {
            throw new InvalidOperationException("Antiforgery gives no token for a header: set AntiforgeryOptions.HeaderName.");
        }

        return context.AnswerAsync(new AntiforgeryResponse(token, header), HttpJson.Default.AntiforgeryResponse);
    }
}
