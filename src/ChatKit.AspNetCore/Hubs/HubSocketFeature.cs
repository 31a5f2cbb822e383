using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Gives SignalR a <see cref="HubSocket"/> when it accepts a WebSocket, and keeps it among the request's features.</summary>
internal sealed class HubSocketFeature(HttpContext context, IHttpWebSocketFeature inner) : IHttpWebSocketFeature
{
    public bool IsWebSocketRequest => inner.IsWebSocketRequest;

    /// <summary>Puts it before SignalR.</summary>
    public static RequestDelegate Wrap(IEndpointRouteBuilder endpoints, RequestDelegate hub)
    {
        var steps = endpoints.CreateApplicationBuilder();
        steps.Use((context, next) =>
        {
            SocketUpgradeFeature.Use(context.Features);
            return next(context);
        });
        steps.UseWebSockets();
        steps.Run(context =>
        {
            if (context.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true } sockets)
            {
                context.Features.Set<IHttpWebSocketFeature>(new HubSocketFeature(context, sockets));
            }

            return hub(context);
        });
        return steps.Build();
    }

    public async Task<WebSocket> AcceptAsync(WebSocketAcceptContext acceptContext)
    {
        var socket = new HubSocket(await inner.AcceptAsync(acceptContext), context.Features.Get<IHttpRequestLifetimeFeature>());
        context.Features.Set(socket);
        return socket;
    }
}
