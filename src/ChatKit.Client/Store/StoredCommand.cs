using ChatKit.Wire;

namespace ChatKit.Client.Store;

/// <summary>A command in the outbox. <see cref="Frame"/> is never changed: a retry carries the same id and content (rule 5).</summary>
/// <param name="Frame">The command.</param>
/// <param name="CreatedAt">When it was put there.</param>
internal sealed record StoredCommand(CommandFrame Frame, DateTimeOffset CreatedAt)
{
    /// <summary>The order of the calls.</summary>
    public long Order { get; init; }

    /// <summary>The code of the refusal of a message that was refused for good and not yet withdrawn; null while it is unanswered.</summary>
    public string? Code { get; init; }

    /// <summary>The sentence of that refusal.</summary>
    public string? Reason { get; init; }
}
