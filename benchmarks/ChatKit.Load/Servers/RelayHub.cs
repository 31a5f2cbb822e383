using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace ChatKit.Load.Servers;

/// <summary>SignalR alone: passes a message on and stores nothing.</summary>
[Authorize]
internal sealed class RelayHub(Presences presences) : Hub
{
    public override Task OnConnectedAsync() => presences.ConnectedAsync(this);

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        presences.Disconnected(this);
        return Task.CompletedTask;
    }

    public Task Send(string to, string id, string text)
    {
        if (to.StartsWith(PlainSeed.GroupPrefix, StringComparison.Ordinal))
        {
            return Clients.Group(to).SendAsync("message", Context.UserIdentifier, id, text);
        }

        return presences.Find(to) is { } connection
            ? Clients.Client(connection).SendAsync("message", Context.UserIdentifier, id, text)
            : throw new HubException("Not there.");
    }
}
