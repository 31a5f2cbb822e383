using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>The live connections of the hub.</summary>
internal sealed class ChatHubConnections
{
    private readonly ConcurrentDictionary<string, (HubConnectionContext Connection, ChatConnection Chat)> connections = new(StringComparer.Ordinal);

    public IEnumerable<ChatConnection> All => connections.Select(pair => pair.Value.Chat);

    public IEnumerable<HubConnectionContext> Contexts => connections.Select(pair => pair.Value.Connection);

    public void Add(HubConnectionContext connection, ChatConnection chat) => connections[connection.ConnectionId] = (connection, chat);

    public void Remove(string id) => connections.TryRemove(id, out _);

    public HubConnectionContext? Find(string id) => connections.TryGetValue(id, out var found) ? found.Connection : null;
}
