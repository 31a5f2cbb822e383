namespace ChatKit.Client;

/// <summary>A message in its present state, as this client knows it. Immutable.</summary>
public sealed record ChatMessage
{
    /// <summary>The conversation; null for a pending message to a user whose direct conversation is not known yet.</summary>
    public ConversationId? Conversation { get; init; }

    /// <summary>The other user, when the message was sent to a user; else null.</summary>
    public UserId? To { get; init; }

    /// <summary>The position in the conversation; 0 until it is accepted.</summary>
    public long Seq { get; init; }

    /// <summary>When it was accepted (the server's clock); of a pending message when it was sent (the client's clock).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who wrote it; null only for a message sent before the first connection told who is signed in.</summary>
    public UserId? From { get; init; }

    /// <summary>The sender's id of the command; the same for a pending message and its entry in the log. Null when the server did not say.</summary>
    public CommandId? Command { get; init; }

    /// <summary>The text of a <c>text/*</c> message; null for other bodies and when deleted.</summary>
    public string? Text { get; init; }

    /// <summary>The bytes of any other body; empty for texts and when deleted.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The MIME type of the body.</summary>
    public string ContentType { get; init; } = "text/plain";

    /// <summary>The assets it names.</summary>
    public IReadOnlyList<AssetId> Assets { get; init; } = [];

    /// <summary>The <c>Seq</c> of the edit or deletion that gave it its present state; 0 when unchanged.</summary>
    public long Version { get; init; }

    /// <summary>Whether it was deleted for everyone: a tombstone without a body.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Whether it counts as unread for others than its sender.</summary>
    public bool Counts { get; init; }

    /// <summary>Pending, accepted or refused.</summary>
    public MessageStatus Status { get; init; } = MessageStatus.Accepted;

    /// <summary>Why it was refused; null unless <see cref="Status"/> is <see cref="MessageStatus.Refused"/>.</summary>
    public ChatErrorCode? Refusal { get; init; }

    /// <summary>Whether it was edited.</summary>
    public bool IsEdited => Version > 0 && !IsDeleted;
}
