using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Lets the WebSocket of an upgraded connection write to the socket itself, where nothing lies between it and Kestrel's transport (docs/decisions/hub-socket.md).</summary>
/// <param name="inner">The server's.</param>
/// <param name="socket">The connection's socket.</param>
internal sealed class SocketUpgradeFeature(IHttpUpgradeFeature inner, Socket socket) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>Puts it before the server's, unless the bytes of the connection pass somebody on their way out: TLS or another connection middleware.</summary>
    public static void Use(IFeatureCollection features)
    {
        if (features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade
            && features.Get<IConnectionSocketFeature>() is { } connection
            && features.Get<IConnectionTransportFeature>() is { } transport
            && transport.Transport.GetType().Assembly == typeof(SocketTransportOptions).Assembly)
        {
            features.Set<IHttpUpgradeFeature>(new SocketUpgradeFeature(upgrade, connection.Socket));
        }
    }

    public async Task<Stream> UpgradeAsync()
    {
        var stream = await inner.UpgradeAsync().ConfigureAwait(false);

        // A stream of anybody else may change what is written to it.
        return stream.GetType().Assembly == typeof(KestrelServer).Assembly ? new SocketStream(stream, socket) : stream;
    }
}
