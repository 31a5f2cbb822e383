using ChatKit.Delivery;
using ChatKit.Sessions;
using ChatKit.Wire;
using Microsoft.AspNetCore.SignalR;

namespace ChatKit.AspNetCore.Hubs;

/// <summary>What a connection of the hub has: its user, its way out, and after Hello its session.</summary>
internal sealed class ChatConnection(HubConnectionContext connection, UserId? user, DateTimeOffset? expires, TimeProvider time)
{
    private static readonly ChatError Expired = new(ChatErrorCode.TokenExpired, "The sign-in has expired and was not renewed: connect again with a new one.");
    private static readonly object Key = new();
    private readonly Lock state = new();
    private readonly long connectedAt = time.GetTimestamp();
    private bool helloStarted;
    private bool closed;
    private DateTimeOffset? expires = expires;
    private bool announced;

    public string Id => connection.ConnectionId;

    public TimeProvider Time => time;

    public bool IsGone => connection.ConnectionAborted.IsCancellationRequested;

    public UserId? User { get; } = user;

    public HubSessionTransport Transport { get; } = new(connection, time);

    /// <summary>Whether the connection takes a place among the connections of its user that must be given back.</summary>
    public bool Counted { get; set; }

    /// <summary>Why there is no place for it; null when there is.</summary>
    public ChatError? Full { get; set; }

    public ChatSession? Session { get; private set; }

    /// <summary>When the sign-in expires; null for never.</summary>
    public DateTimeOffset? Expires
    {
        get
        {
            lock (state)
            {
                return expires;
            }
        }
    }

    public static ChatConnection Of(HubCallerContext context) => (ChatConnection)context.Items[Key]!;

    public static ChatConnection? Find(HubConnectionContext connection) => connection.Items.TryGetValue(Key, out var value) ? (ChatConnection?)value : null;

    public void Remember() => connection.Items[Key] = this;

    /// <summary>The hub has done a call.</summary>
    public void Done() => Transport.Socket?.Done();

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
            Transport.Dispose();
            var last = closed ? null : Session;
            closed = true;
            return last;
        }
    }

    /// <summary>The sign-in was renewed: it expires then, or never.</summary>
    public void Renew(DateTimeOffset? until)
    {
        lock (state)
        {
            expires = until;
            announced = false;
        }
    }

    /// <summary>Does what is due by the clock.</summary>
    public void Check(ChatKitWebOptions options)
    {
        var now = time.GetUtcNow();
        ChatSession? announceTo = null;
        DateTimeOffset until;
        bool isOver;
        lock (state)
        {
            if (closed)
            {
                return;
            }

            if (Session is null)
            {
                if (!helloStarted && time.GetElapsedTime(connectedAt) > options.HelloTimeout)
                {
                    Transport.Abort();
                }

                return;
            }

            if (!options.CloseOnSignInExpiry || expires is not { } present)
            {
                return;
            }

            until = present;
            isOver = until <= now;
            if (!isOver && !announced && until - now <= options.SignInExpiryNotice)
            {
                announced = true;
                announceTo = Session;
            }
        }

        if (isOver)
        {
            Session.EndWith(Expired);
        }

        announceTo?.Pump.Post(new OutgoingEvent(new EventFrame { T = EventTags.TokenExpiring, Until = until }));
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
