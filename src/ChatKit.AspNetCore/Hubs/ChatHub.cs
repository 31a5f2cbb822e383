using ChatKit.AspNetCore.Security;
using ChatKit.Delivery;
using ChatKit.Sessions;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>The hub of docs/protocol.md. SignalR makes one instance a call; what lives as long as the connection is <see cref="ChatConnection"/>.
/// Calls of a connection run one after the other, so nothing here waits for a commit.</summary>
internal sealed class ChatHub(
    SessionManager sessions, HubCommands frames, SignInRenewal renewal, ICommandLimiter limiter, IOptions<ChatKitWebOptions> options, ILogger<ChatHub> logger) : Hub
{
    public async Task<HelloReply> Hello(HelloRequest? request)
    {
        var connection = ChatConnection.Of(Context);
        try
        {
            var reply = await OpenAsync(connection, request);
            if (reply.Code is not null)
            {
                DoorLog.HelloRefused(logger, Context.ConnectionId, reply.Code);
                // SignalR writes the answer after this method has returned.
                connection.Transport.AbortSoon();
            }

            return reply;
        }
        finally
        {
            connection.Done();
        }
    }

    public async Task Frames(CommandFrame?[]? commands)
    {
        var connection = ChatConnection.Of(Context);
        try
        {
            if (await frames.ReceiveAsync(connection, commands ?? [null]) is { } error)
            {
                throw new HubException(error.ToString());
            }
        }
        finally
        {
            connection.Done();
        }
    }

    /// <summary>Gives the connection a new sign-in of the same user; whatever fails, the connection keeps what it has.</summary>
    public async Task<RenewReply> Renew(RenewRequest? request)
    {
        var connection = ChatConnection.Of(Context);
        try
        {
            return await RenewAsync(connection, request);
        }
        finally
        {
            connection.Done();
        }
    }

    private async ValueTask<RenewReply> RenewAsync(ChatConnection connection, RenewRequest? request)
    {
        if (connection.User is not { } user || connection.Session is null)
        {
            return new RenewReply { Code = ChatErrorCode.HelloRequired.ToWire(), Message = "Call Hello first." };
        }

        if (limiter.Check(user, ChatCommandClass.Connect) is { } limited)
        {
            // Judging a token may be dear: the host may ask its identity provider.
            return new RenewReply { Code = limited.Code.ToWire(), Message = limited.Message, Expires = connection.Expires };
        }

        var judged = await renewal.JudgeAsync(Context.GetHttpContext(), user, request?.Token);
        if (!judged.IsSuccess)
        {
            var code = judged.Error.Code.ToWire();
            DoorLog.RenewalRefused(logger, Context.ConnectionId, code);
            return new RenewReply { Code = code, Message = judged.Error.Message, Expires = connection.Expires };
        }

        connection.Renew(judged.Value);
        return new RenewReply { Expires = judged.Value };
    }

    private async ValueTask<HelloReply> OpenAsync(ChatConnection connection, HelloRequest? request)
    {
        if (connection.User is not { } user)
        {
            return Refused(ChatErrorCode.Unauthenticated, "Nobody is signed in.");
        }

        if (connection.Full is { } full)
        {
            return Refused(full.Code, full.Message) with { RetryAfter = (long?)full.RetryAfter?.TotalMilliseconds };
        }

        if (request is null)
        {
            return Refused(ChatErrorCode.Invalid, "Hello takes an object with versions and device.");
        }

        if (!connection.TryStartHello())
        {
            return Refused(ChatErrorCode.Invalid, "Hello is called once on a connection.");
        }

        try
        {
            var outcome = await sessions.OpenAsync(user, request, connection.Transport, Context.ConnectionAborted);
            if (outcome.Session is { } session && !connection.TryAttach(session))
            {
                // The connection ended while the session was being opened: nobody else will close it.
                await session.CloseAsync();
            }

            return options.Value.CloseOnSignInExpiry && outcome.Session is not null
                ? outcome.Reply with { Expires = connection.Expires } : outcome.Reply;
        }
        catch (OperationCanceledException) when (Context.ConnectionAborted.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            DoorLog.HelloFailed(logger, exception, Context.ConnectionId);
            return Refused(ChatErrorCode.Unavailable, "The server cannot open a session now: connect again.");
        }
    }

    private static HelloReply Refused(ChatErrorCode code, string message) => new() { Code = code.ToWire(), Message = message };
}
