using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChatKit.AspNetCore.Tests.Hosting;

/// <summary>What MapChatKit mapped, as "METHOD route" below the pattern; the hub's two routes have no method.</summary>
internal static class Endpoints
{
    public static IReadOnlyList<string> Of(ChatHost host, string pattern = "/chat") =>
    [
        .. host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => ("/" + endpoint.RoutePattern.RawText!.TrimStart('/')).StartsWith(pattern + "/", StringComparison.Ordinal))
            .SelectMany(endpoint =>
            {
                var route = ("/" + endpoint.RoutePattern.RawText!.TrimStart('/'))[(pattern.Length + 1)..];
                var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods;
                return methods is null ? [route] : methods.Select(method => $"{method} {route}");
            })
            .Order(StringComparer.Ordinal),
    ];
}
