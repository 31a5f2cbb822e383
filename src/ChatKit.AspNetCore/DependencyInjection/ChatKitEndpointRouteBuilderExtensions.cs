using ChatKit;
using ChatKit.AspNetCore;
using ChatKit.AspNetCore.Http;
using ChatKit.AspNetCore.Hubs;
using ChatKit.AspNetCore.OpenApi;
using ChatKit.AspNetCore.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Opens ChatKit's door.</summary>
public static class ChatKitEndpointRouteBuilderExtensions
{
    /// <summary>Maps the hub (<c>hub</c> below the pattern) and the HTTP endpoints of docs/protocol.md. Nobody comes in who is not signed in,
    /// whatever else the host chains to the result.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="pattern">Where: a route pattern. Default <c>/chat</c>.</param>
    /// <returns>The builder of conventions of all the endpoints: chain <c>RequireAuthorization()</c>, <c>RequireCors()</c>, <c>RequireRateLimiting()</c> to it.</returns>
    /// <exception cref="InvalidOperationException"><c>AddChatKit()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapChatKit(this IEndpointRouteBuilder endpoints, string pattern = "/chat")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var services = endpoints.ServiceProvider;
        if (services.GetService<ChatKitMarker>() is null)
        {
            throw new InvalidOperationException(
                "MapChatKit() needs the services of ChatKit: call AddChatKit() with a store before the app is built, for example builder.Services.AddChatKit().UseLiteDb(\"data/chat.db\").");
        }

        var options = services.GetRequiredService<IOptions<ChatKitWebOptions>>().Value;
        var gate = services.GetRequiredService<ChatGate>();
        services.GetRequiredService<HubPaths>().Add(pattern);

        var group = endpoints.MapGroup(pattern);
        ((IEndpointConventionBuilder)group).Add(endpoint =>
        {
            endpoint.RequestDelegate = gate.Guard(endpoint.RequestDelegate!);
            if (!endpoint.Metadata.OfType<ChatEndpoint>().Any())
            {
                endpoint.Metadata.Add(new ChatEndpoint(Class: null));
            }
        });
        group.MapHub<ChatHub>("hub", hub =>
        {
            // Written events go back to the pool, so nothing may keep them; and resuming is ChatKit's own.
            hub.AllowStatefulReconnects = false;

            // Ours says why, says it before, and knows renewals.
            hub.CloseOnAuthenticationExpiration = false;
        }).Add(endpoint => endpoint.RequestDelegate = HubSocketFeature.Wrap(endpoints, endpoint.RequestDelegate!));
        foreach (var endpoint in EndpointList.All)
        {
            Map(group, endpoint);
        }

        if (options.EnableOpenApi)
        {
            MapOpenApi(group);
        }

        return group;
    }

    private static void Map(RouteGroupBuilder group, EndpointSpec endpoint) =>
        group.MapMethods(endpoint.Pattern, [endpoint.Method], endpoint.Handler)
            .WithDisplayName($"ChatKit {endpoint.Method} {endpoint.Pattern}").WithMetadata(new ChatEndpoint(endpoint.Class));

    private static void MapOpenApi(RouteGroupBuilder group)
    {
        const string route = "openapi.json";
        EndpointSpec[] all = [];
        EndpointSpec self = new("GET", route, "getDescription", "The description of all this.", AnswerAsync);
        all = [.. EndpointList.All, self];
        Map(group, self);

        Task AnswerAsync(HttpContext context)
        {
            var path = (context.Request.PathBase + context.Request.Path).ToUriComponent();
            var document = OpenApiDocument.Create(all, path[..^("/" + route).Length]);
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync(document, context.RequestAborted).AsTask();
        }
    }
}
