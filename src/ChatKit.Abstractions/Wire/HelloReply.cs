namespace ChatKit.Wire;

/// <summary>The answer to Hello.</summary>
public sealed record HelloReply
{
    /// <summary>The protocol version chosen; 0 when refused.</summary>
    public int Version { get; init; }

    /// <summary>The code of a refusal; null when welcome.</summary>
    public string? Code { get; init; }

    /// <summary>The sentence of a refusal.</summary>
    public string? Message { get; init; }

    /// <summary>The signed-in user.</summary>
    public string? User { get; init; }

    /// <summary>The store's incarnation.</summary>
    public string? Incarnation { get; init; }

    /// <summary>Whether the device starts at the last entries: it is new, forgotten, or of another incarnation. Load conversations and pages anew.</summary>
    public bool Reset { get; init; }

    /// <summary>The server's clock.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>The largest body of a message in bytes.</summary>
    public int MaxBodyBytes { get; init; }

    /// <summary>How often an active user's client says so, in milliseconds.</summary>
    public int ActivityInterval { get; init; }

    /// <summary>When the connection's sign-in expires and the connection ends, unless it is renewed; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Of a refusal: when to connect again, in milliseconds from now.</summary>
    public long? RetryAfter { get; init; }
}
