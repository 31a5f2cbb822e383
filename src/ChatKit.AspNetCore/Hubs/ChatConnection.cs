using ChatKit.Delivery;
using ChatKit.Sessions;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>What a connection of the hub has: its user, its way out, and after Hello its session.</summary>
internal sealed class ChatConnection(HubConnectionContext connection, UserId? user)
{
    /// <summary>How long the answer to a refused Hello has to reach the client before the connection ends.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private static readonly object Key = new();
    private readonly Lock state = new();
    private bool helloStarted;
    private bool closed;
    private ITimer? farewell;

    public UserId? User { get; } = user;

    public HubSessionTransport Transport { get; } = new(connection);

    public ChatSession? Session { get; private set; }

    public static ChatConnection Of(HubCallerContext context) => (ChatConnection)context.Items[Key]!;

    public static ChatConnection? Find(HubConnectionContext connection) => connection.Items.TryGetValue(Key, out var value) ? (ChatConnection?)value : null;

    public void Remember() => connection.Items[Key] = this;

    public bool TryStartHello()
    {
        lock (state)
        {
            return !helloStarted && (helloStarted = true);
        }
    }

    /// <summary>Gives the connection its session; false when the connection has ended meanwhile.</summary>
    public bool TryAttach(ChatSession session)
    {
        lock (state)
        {
            if (closed)
            {
                return false;
            }

            Session = session;
            return true;
        }
    }

    /// <summary>Marks the end; returns the session to close, once.</summary>
    public ChatSession? End()
    {
        lock (state)
        {
            farewell?.Dispose();
            farewell = null;
            var last = closed ? null : Session;
            closed = true;
            return last;
        }
    }

    /// <summary>Ends the connection when the answer that is about to be written has had time to leave. SignalR writes the answer after
    /// the hub's method has returned, and drops it when the connection was ended before.</summary>
    public void AbortSoon(TimeProvider time)
    {
        lock (state)
        {
            if (!closed)
            {
                farewell ??= time.CreateTimer(static transport => ((HubSessionTransport)transport!).Abort(), Transport, Farewell, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Answers commands that never reach the session.</summary>
    public ValueTask RefuseAsync(IReadOnlyList<CommandFrame?> commands, ChatError error)
    {
        var events = new OutgoingEvent[commands.Count];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = new OutgoingEvent(new EventFrame
            {
                T = EventTags.Refused,
                Id = commands[i]?.Id,
                Conversation = commands[i]?.Conversation,
                Code = error.Code.ToWire(),
                Message = error.Message,
            });
        }

        return Transport.SendAsync(events, CancellationToken.None);
    }
}
