namespace ChatKit.Wire;

/// <summary>The answer to a renewal.</summary>
public sealed record RenewReply
{
    /// <summary>The code of a refusal: the connection goes on as before; null when it was renewed.</summary>
    public string? Code { get; init; }

    /// <summary>The sentence of a refusal.</summary>
    public string? Message { get; init; }

    /// <summary>When the connection's sign-in expires now; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
