using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace ChatKit.Load.Servers;

/// <summary>Who is on which connection: Clients.User walks all connections, and a team that measured would not use it either.</summary>
internal sealed class Presences
{
    private readonly ConcurrentDictionary<string, string> connections = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string[]> groups = new(StringComparer.Ordinal);

    public string? Find(string user) => connections.GetValueOrDefault(user);

    public void SetGroups(IReadOnlyList<(string Name, string[] Members)> all)
    {
        foreach (var (name, members) in all)
        {
            foreach (var member in members)
            {
                groups.AddOrUpdate(member, _ => [name], (_, old) => old.Contains(name) ? old : [.. old, name]);
            }
        }
    }

    public async Task ConnectedAsync(Hub hub)
    {
        var user = hub.Context.UserIdentifier!;
        connections[user] = hub.Context.ConnectionId;
        foreach (var group in groups.GetValueOrDefault(user) ?? [])
        {
            await hub.Groups.AddToGroupAsync(hub.Context.ConnectionId, group);
        }
    }

    public void Disconnected(Hub hub) => connections.TryRemove(new(hub.Context.UserIdentifier!, hub.Context.ConnectionId));
}
