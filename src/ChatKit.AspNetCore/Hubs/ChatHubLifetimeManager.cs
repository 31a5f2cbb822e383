using ChatKit.AspNetCore.RateLimits;
using ChatKit.AspNetCore.Security;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>Keeps the connections of the hub and addresses them directly. SignalR's own manager finds the connections of a user by walking
/// all of them (dotnet/aspnetcore#60092); ChatKit's engine knows the connection it writes to, so users and groups do not exist here,
/// and a backplane of SignalR (its Redis package) is not asked either: ChatKit has its own.</summary>
internal sealed class ChatHubLifetimeManager(ChatUsers users, HubConnectionSettings settings, ChatHubConnections connections, ConnectionCounts counts, TimeProvider time, ILogger<ChatHubLifetimeManager> logger) : HubLifetimeManager<ChatHub>
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        UserId? user = users.Read(connection.User, out var known) == SignIn.Known ? known : null;
        var chat = new ChatConnection(connection, user, SignInExpiry.Find(connection.GetHttpContext()), time);
        chat.Remember();
        if (user is { } owner && connection.Features.Get<IHttpTransportFeature>()?.TransportType == HttpTransportType.LongPolling)
        {
            chat.Full = counts.TryAdd(owner);
            chat.Counted = chat.Full is null;
        }

        connections.Add(connection, chat);
        if (chat.Transport is { IsJson: true, Socket: { } socket })
        {
            socket.Attach(chat, settings);
        }

        return Task.CompletedTask;
    }

    public override async Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        connections.Remove(connection.ConnectionId);
        var chat = ChatConnection.Find(connection);
        if (chat is { Counted: true, User: { } owner })
        {
            counts.Remove(owner);
        }

        if (chat?.End() is not { } session)
        {
            return;
        }

        try
        {
            await session.CloseAsync();
        }
        catch (Exception exception)
        {
            // The end of a connection has no caller that could do anything about it.
            DoorLog.CloseFailed(logger, exception, connection.ConnectionId);
        }
    }

    public override Task SendConnectionAsync(string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        connections.Find(connectionId) is { } connection
            ? connection.WriteAsync(new InvocationMessage(methodName, args), cancellationToken).AsTask()
            : Task.CompletedTask;

    public override Task SendConnectionsAsync(IReadOnlyList<string> connectionIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendAsync(connectionIds.Select(connections.Find).OfType<HubConnectionContext>(), methodName, args, cancellationToken);

    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendAsync(connections.Contexts, methodName, args, cancellationToken);

    public override Task SendAllExceptAsync(string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default)
    {
        var excluded = excludedConnectionIds.ToHashSet(StringComparer.Ordinal);
        return SendAsync(connections.Contexts.Where(connection => !excluded.Contains(connection.ConnectionId)), methodName, args, cancellationToken);
    }

    public override Task SendUserAsync(string userId, string methodName, object?[] args, CancellationToken cancellationToken = default) => throw NoSuchAddress();

    public override Task SendUsersAsync(IReadOnlyList<string> userIds, string methodName, object?[] args, CancellationToken cancellationToken = default) => throw NoSuchAddress();

    public override Task SendGroupAsync(string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) => throw NoSuchAddress();

    public override Task SendGroupsAsync(IReadOnlyList<string> groupNames, string methodName, object?[] args, CancellationToken cancellationToken = default) => throw NoSuchAddress();

    public override Task SendGroupExceptAsync(string groupName, string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default) => throw NoSuchAddress();

    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) => throw NoSuchAddress();

    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) => throw NoSuchAddress();

    private static Task SendAsync(IEnumerable<HubConnectionContext> to, string methodName, object?[] args, CancellationToken cancellationToken)
    {
        var message = new SerializedHubMessage(new InvocationMessage(methodName, args));
        return Task.WhenAll(to.Select(connection => connection.WriteAsync(message, cancellationToken).AsTask()).ToArray());
    }

    private static NotSupportedException NoSuchAddress() =>
        new("ChatKit's hub addresses connections, not users or groups of SignalR. Send with IChatKit.");
}
