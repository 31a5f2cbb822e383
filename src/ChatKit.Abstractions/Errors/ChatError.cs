namespace ChatKit;

/// <summary>A refusal.</summary>
/// <param name="Code">Why.</param>
/// <param name="Message">A sentence for developers: what was wrong and what would mend it. Never a driver's text.</param>
/// <param name="RetryAfter">When trying again makes sense; null when unknown or never.</param>
public sealed record ChatError(ChatErrorCode Code, string Message, TimeSpan? RetryAfter = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code.ToWire()}: {Message}";
}
