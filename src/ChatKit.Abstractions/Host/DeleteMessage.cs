namespace ChatKit;

/// <summary>Deletes a message of one's own for everyone.</summary>
public sealed record DeleteMessage
{
    /// <summary>Who deletes; the message's sender.</summary>
    public required UserId From { get; init; }

    /// <summary>The conversation.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary>The message.</summary>
    public required long Seq { get; init; }

    /// <summary>The id of the command, the same on every retry; a fresh one when not set.</summary>
    public CommandId Command { get; init; } = CommandId.New();

    /// <summary>The device that deletes; null for the host's own code.</summary>
    public string? Device { get; init; }
}
