namespace ChatKit;

/// <summary>A new body for a message of one's own.</summary>
public sealed record EditMessage
{
    /// <summary>Who edits; the message's sender.</summary>
    public required UserId From { get; init; }

    /// <summary>The conversation.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary>The message.</summary>
    public required long Seq { get; init; }

    /// <summary>The whole new body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The MIME type of the body.</summary>
    public string ContentType { get; init; } = "text/plain";

    /// <summary>The id of the command, the same on every retry; a fresh one when not set.</summary>
    public CommandId Command { get; init; } = CommandId.New();

    /// <summary>The device that edits; null for the host's own code.</summary>
    public string? Device { get; init; }
}
