using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging;

namespace ChatKit.Client;

/// <summary>What a <see cref="ChatClient"/> needs to know. Checked by its constructor.</summary>
public sealed class ChatClientOptions
{
    /// <summary>The address the host gave to <c>MapChatKit</c>, for example <c>https://example.com/chat</c>. Absolute, http or https.</summary>
    public required Uri Server { get; init; }

    /// <summary>The id of this installation: chosen once, kept for ever, one a signed-in user. 1 to 128 UTF-8 bytes without control characters.
    /// The server keeps a position a device: a fresh id at every start makes every start a new device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Gives the bearer token of each new connection, and a new one when it runs out; null (the default) when cookies or nothing sign in.
    /// May be called from any thread; the token is cancelled when the client stops.</summary>
    public Func<CancellationToken, Task<string?>>? AccessTokenProvider { get; init; }

    /// <summary>As <see cref="AccessTokenProvider"/>, and is told why: set one of the two. Asked for a renewal before the token of the live connection
    /// runs out (the server says when, by default a minute before), and again with growing waits while no accepted token comes; a connection
    /// whose token ran out all the same is opened anew. A token for a new connection that is not accepted is asked for once more as a renewal; only
    /// if that one is not accepted either, the client stops.</summary>
    public Func<TokenReason, CancellationToken, Task<string?>>? TokenProvider { get; init; }

    /// <summary>Where outbox, positions and newest messages are kept, for example a <see cref="FileClientStore"/>. One store a user and device, used by one
    /// client at a time; the client does not dispose it. With null (the default) they live as long as the client.</summary>
    public IClientStore? Store { get; init; }

    /// <summary>The transports that may be used, the best of them is taken.</summary>
    /// <value>Default: all (WebSockets, server-sent events, long polling).</value>
    public HttpTransportType Transports { get; init; } = HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;

    /// <summary>Changes the builder of every connection, last: the place to opt in to MessagePack
    /// (<c>builder => builder.AddMessagePackProtocol()</c>, from the package Microsoft.AspNetCore.SignalR.Protocols.MessagePack).</summary>
    public Action<IHubConnectionBuilder>? ConfigureConnection { get; init; }

    /// <summary>Changes the HTTP side of every connection: cookies, headers, proxy, message handler.</summary>
    public Action<HttpConnectionOptions>? ConfigureHttp { get; init; }

    /// <summary>The longest first wait after a lost connection or a refusal for now; the bound doubles with every failure. Each wait
    /// is drawn evenly between zero and the bound (full jitter).</summary>
    /// <value>More than zero; default 500 ms.</value>
    public TimeSpan ReconnectBaseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Where the doubling of <see cref="ReconnectBaseDelay"/> ends.</summary>
    /// <value>At least <see cref="ReconnectBaseDelay"/>, at most a day; default 30 s.</value>
    public TimeSpan ReconnectMaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Makes the jitter repeatable, for tests; null (the default) for chance.</summary>
    public int? JitterSeed { get; init; }

    /// <summary>How long one try to connect, and a request with its answer, may take.</summary>
    /// <value>More than zero, at most a day; default 30 s.</value>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an unanswered command stays in the outbox before it fails.</summary>
    /// <value>More than zero, at most 14 days (the server knows command ids for 30); default 14 days.</value>
    public TimeSpan OutboxGiveUp { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How many unanswered commands the outbox holds; more are refused at once with <see cref="ChatErrorCode.Overloaded"/>.</summary>
    /// <value>1 to 1,000,000; default 10,000.</value>
    public int OutboxLimit { get; init; } = 10_000;

    /// <summary>How many messages a conversation the cache keeps, the newest.</summary>
    /// <value>0 to 100,000; default 200.</value>
    public int CachedMessages { get; init; } = 200;

    /// <summary>How many events one reader of <see cref="ChatClient.Events"/> may lag behind before its stream ends with
    /// <see cref="ChatErrorCode.SlowConsumer"/>.</summary>
    /// <value>16 to 10,000,000; default 65,536.</value>
    public int EventBuffer { get; init; } = 65_536;

    /// <summary>Whether no person is looking (a background sync): the connection then never counts as the user's activity.</summary>
    /// <value>Default false.</value>
    public bool Background { get; init; }

    /// <summary>The clock of every wait.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the client and SignalR log to; null (the default) for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Whichever of the two providers is set.</summary>
    internal Func<TokenReason, CancellationToken, Task<string?>>? Tokens =>
        TokenProvider ?? (AccessTokenProvider is { } simple ? (_, cancellationToken) => simple(cancellationToken) : null);

    internal void Validate()
    {
        Check(AccessTokenProvider is null || TokenProvider is null, "Set AccessTokenProvider or TokenProvider, not both.");
        Check(Server is { IsAbsoluteUri: true, Scheme: "http" or "https" },
            "Server must be the absolute http or https address given to MapChatKit, for example https://example.com/chat.");
        Check(IdRules.IsValid(DeviceId),
            "DeviceId must have 1 to 128 UTF-8 bytes without control characters: choose one a installation (a GUID will do) and keep it.");
        Check(Transports != HttpTransportType.None, "Transports must name at least one transport, for example HttpTransportType.WebSockets.");
        Check(ReconnectBaseDelay > TimeSpan.Zero, "ReconnectBaseDelay must be more than zero.");
        Check(ReconnectMaxDelay >= ReconnectBaseDelay && ReconnectMaxDelay <= TimeSpan.FromDays(1),
            "ReconnectMaxDelay must be at least ReconnectBaseDelay and at most a day.");
        Check(RequestTimeout > TimeSpan.Zero && RequestTimeout <= TimeSpan.FromDays(1), "RequestTimeout must be more than zero and at most a day.");
        Check(OutboxGiveUp > TimeSpan.Zero && OutboxGiveUp <= TimeSpan.FromDays(14), "OutboxGiveUp must be more than zero and at most 14 days.");
        Check(OutboxLimit is >= 1 and <= 1_000_000, "OutboxLimit must be 1 to 1,000,000.");
        Check(CachedMessages is >= 0 and <= 100_000, "CachedMessages must be 0 to 100,000.");
        Check(EventBuffer is >= 16 and <= 10_000_000, "EventBuffer must be 16 to 10,000,000.");
        Check(TimeProvider is not null, "TimeProvider must not be null: leave it out for the system's clock.");

        static void Check(bool ok, string message)
        {
            if (!ok)
            {
                throw new ArgumentException($"ChatClientOptions: {message}", "options");
            }
        }
    }
}
