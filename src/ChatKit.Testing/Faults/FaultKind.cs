namespace ChatKit.Testing;

/// <summary>What a <see cref="FaultProxy"/> can do to connections.</summary>
public enum FaultKind
{
    /// <summary>Resets one connection, in the middle of whatever it carries.</summary>
    Cut,

    /// <summary>Resets every connection.</summary>
    CutAll,

    /// <summary>One connection carries nothing for <see cref="Fault.Duration"/>, then everything that waited.</summary>
    Delay,

    /// <summary>One connection carries at most <see cref="Fault.BytesPerSecond"/> each way for <see cref="Fault.Duration"/>.</summary>
    Throttle,

    /// <summary>What the client sends on one connection is swallowed while the socket stays open. A stream with a hole cannot go on:
    /// the connection is reset after <see cref="Fault.Duration"/>, unless an end gave it up before.</summary>
    HalfOpenUp,

    /// <summary>As <see cref="HalfOpenUp"/>, for what the server sends.</summary>
    HalfOpenDown,

    /// <summary>As <see cref="HalfOpenUp"/>, in both directions.</summary>
    HalfOpenBoth,

    /// <summary>The next connect is held until a later one has passed it, or <see cref="Fault.Duration"/> is over.</summary>
    HoldConnect,
}
