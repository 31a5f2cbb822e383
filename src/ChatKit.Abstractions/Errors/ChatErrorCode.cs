namespace ChatKit;

/// <summary>Why something was refused. The wire text of each (<see cref="ChatErrorCodes.ToWire"/>) is stable; docs/errors.md explains them.</summary>
public enum ChatErrorCode
{
    /// <summary>Nobody is signed in. Wire: <c>unauthenticated</c>.</summary>
    Unauthenticated = 1,

    /// <summary>Signed in, but not allowed. Wire: <c>forbidden</c>.</summary>
    Forbidden = 2,

    /// <summary>No member of the conversation, or there is no such conversation (the two are not told apart). Wire: <c>not_member</c>.</summary>
    NotMember = 3,

    /// <summary>No such message, device or user. Wire: <c>not_found</c>.</summary>
    NotFound = 4,

    /// <summary>A value is missing, malformed or out of range; the message says which. Wire: <c>invalid</c>.</summary>
    Invalid = 5,

    /// <summary>A body, batch or frame exceeds its limit. Wire: <c>too_large</c>.</summary>
    TooLarge = 6,

    /// <summary>The command id was used before with another payload. Wire: <c>conflict</c>.</summary>
    Conflict = 7,

    /// <summary>Another commit won the epoch. Wire: <c>stale_epoch</c>.</summary>
    StaleEpoch = 8,

    /// <summary>An earlier command of this device to this conversation was refused for now: resend or withdraw it first (rule 6). Wire: <c>out_of_order</c>.</summary>
    OutOfOrder = 9,

    /// <summary>Too many commands; the answer says when to try again. Wire: <c>rate_limited</c>.</summary>
    RateLimited = 10,

    /// <summary>The server has too much to do. Wire: <c>overloaded</c>.</summary>
    Overloaded = 11,

    /// <summary>The store cannot answer now; whether the command was stored is open, so send it again with the same id. Wire: <c>unavailable</c>.</summary>
    Unavailable = 12,

    /// <summary>The command is unknown to this server. Wire: <c>unknown_command</c>.</summary>
    UnknownCommand = 13,

    /// <summary>No common protocol version. Wire: <c>unsupported_version</c>.</summary>
    UnsupportedVersion = 14,

    /// <summary>A command before Hello. Wire: <c>hello_required</c>.</summary>
    HelloRequired = 15,

    /// <summary>The message to edit, delete, react to or pin was deleted or removed. Wire: <c>target_gone</c>.</summary>
    TargetGone = 16,

    /// <summary>The device was revoked. Wire: <c>device_revoked</c>.</summary>
    DeviceRevoked = 17,

    /// <summary>The connection made no progress for too long and was cut (rule 9). Wire: <c>slow_consumer</c>.</summary>
    SlowConsumer = 18,

    /// <summary>The server is stopping: connect again. Wire: <c>shutting_down</c>.</summary>
    ShuttingDown = 19,

    /// <summary>The token is of another incarnation of the store: load everything anew. Wire: <c>resync_required</c>.</summary>
    ResyncRequired = 20,

    /// <summary>A request from a foreign origin, or a post without the antiforgery token. Wire: <c>forbidden_origin</c>.</summary>
    ForbiddenOrigin = 21,

    /// <summary>The sign-in of a live connection has expired and was not renewed. Wire: <c>token_expired</c>.</summary>
    TokenExpired = 22,
}
