using System.Security.Claims;

namespace ChatKit;

/// <summary>The settings of the door: who is signed in, which origins may come in, and how large a request may be.
/// Validated when the host starts.</summary>
public sealed class ChatKitWebOptions
{
    /// <summary>The claim that holds the user's id. Default <see cref="ClaimTypes.NameIdentifier"/>; with the default, a user without it
    /// is known by the claim <c>sub</c>.</summary>
    public string UserIdClaim { get; set; } = ClaimTypes.NameIdentifier;

    /// <summary>The claim that holds the user's tenant. Default null: one customer. When set, a user without it is not let in.</summary>
    public string? TenantClaim { get; set; }

    /// <summary>Origins beside the host's own from which browsers may come in with a cookie, for example <c>https://app.example.com</c>.
    /// Default none. Bearer tokens need no entry here.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether HTTP writes without a bearer token must carry the antiforgery token. Default true. Only a host whose users
    /// never sign in with something a browser sends by itself (cookies, Windows, client certificates) may turn it off.</summary>
    public bool RequireAntiforgery { get; set; } = true;

    /// <summary>Whether a token in the query (<c>access_token</c>) of a request to the hub becomes its <c>Authorization</c> header before anything
    /// logs or authenticates the request. Default true. Browsers can set no header on sockets.</summary>
    public bool AcceptQueryToken { get; set; } = true;

    /// <summary>Whether a live connection ends (<c>token_expired</c>) when its sign-in expires and was not renewed. Default true.</summary>
    public bool CloseOnSignInExpiry { get; set; } = true;

    /// <summary>How long before that the client is told (<c>tokenExpiring</c>), so that it can renew. Default 60 seconds; 1 second to 1 hour.</summary>
    public TimeSpan SignInExpiryNotice { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection to the hub may stay without Hello before it is ended. Default 15 seconds; 1 second to 5 minutes.</summary>
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How much a user may send.</summary>
    public ChatRateLimitOptions RateLimits { get; } = new();

    /// <summary>How many connections (sockets, event streams, long polls) this node holds at most; more are refused <c>overloaded</c>.
    /// Default 50,000; 1 to 10,000,000.</summary>
    public int MaxConnections { get; set; } = 50_000;

    /// <summary>How many of them one user may hold; more are refused <c>rate_limited</c>. Default 100; 1 to 1,000,000.</summary>
    public int MaxConnectionsPerUser { get; set; } = 100;

    /// <summary>The longest a plain long poll may wait. Default 60 seconds; 0 to 60 seconds. Longer waits are cut to it.</summary>
    public TimeSpan LongPollMax { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The largest message of a client on the hub in bytes; a larger one ends the connection. Default 524,288 (512 KiB): room for a body of 64 KiB of which JSON escapes every byte;
    /// 4,096 to 16 MiB, and large enough for one message of <see cref="ChatKitOptions.MaxBodyBytes"/>.</summary>
    public int MaxFrameBytes { get; set; } = 512 * 1024;

    /// <summary>The largest body of an HTTP request in bytes; a larger one is refused <c>too_large</c>. Default 524,288 (512 KiB);
    /// 4,096 to 16 MiB, and large enough for one message of <see cref="ChatKitOptions.MaxBodyBytes"/>.</summary>
    public int MaxRequestBytes { get; set; } = 512 * 1024;

    /// <summary>Whether the description at <c>openapi.json</c> is mapped. Default true.</summary>
    public bool EnableOpenApi { get; set; } = true;

    /// <summary>How long the health check <c>chatkit</c> waits for the store. Default 5 seconds; 100 ms to 1 minute.</summary>
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
